/**
 * Secrets that are known by their form wherever they stand. Each repetition ends at a character it cannot hold, so no pattern
 * backtracks far. The forms are those that their issuers publish for scanners.
 */
export const tokenShapes: readonly RegExp[] = [
  /\bxox[a-z]-[\w-]{8,}/g,
  /\bxapp-[\w-]{8,}/g,
  /\bgh[opsur]_\w{16,}/g,
  /\bgithub_pat_\w{16,}/g,
  /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\w-]{16,}/g,
  /\bnpm_\w{20,}/g,
  /\bpypi-[\w-]{16,}/g,
  /\bhf_[A-Za-z0-9]{20,}/g,
  /\b[sr]k[-_](?:live|test|proj|ant|or|svcacct)[-_][\w-]{8,}/g,
  /\bsk-(?=[a-z_-]{0,80}[0-9A-Z])[\w-]{20,}/g,
  /\bgsk_[A-Za-z0-9]{20,}/g,
  /\bwhsec_\w{8,}/g,
  /\b(?:AKIA|ASIA|AGPA|AROA)[A-Z0-9]{16}/g,
  /\bAIza[\w-]{30,}/g,
  /\bya29\.[\w-]{16,}/g,
  /\bGOCSPX-[\w-]{20,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\bxkeysib-[\w-]{20,}/g,
  /\bhv[sbr]\.[\w-]{16,}/g,
  /\bdo[opr]_v1_[0-9a-f]{32,}/g,
  /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/g,
  /\bgl(?:sa|c)_[\w+/=]{20,}/g,
  /\bNRAK-[A-Z0-9]{20,}/g,
  /\blin_api_\w{20,}/g,
  /\bdckr_(?:pat|oat)_[\w-]{20,}/g,
  /\btskey-[a-z]{2,10}-[\w-]{16,}/g,
  /\bATATT3[\w=-]{20,}/g,
  /\bPMAK-[0-9a-f]{20,}-[0-9a-f]{20,}/g,
  /\bsntry[su]_[\w=+/-]{20,}/g,
  /\bdapi[0-9a-f]{32}/g,
  /\bAGE-SECRET-KEY-1[A-Z0-9]{20,}/g,
  /\b(?:ntn|figd|sbp|rpa|r8)_(?=[A-Za-z_-]{0,80}\d)[\w-]{24,}/g,
  /\b(?:pul-[0-9a-f]{40}|(?:xai|pplx)-[A-Za-z0-9]{32,}|sq0csp-[\w-]{20,}|FLWSECK[-_][\w-]{16,}|dp\.(?:pt|st|ct)\.[\w-]{32,})/g,
  /\bEAA[A-Z](?=[A-Za-z]{0,80}\d)[A-Za-z0-9]{40,}/g,
  /(?<![\w/])1\/\/0[\w-]{24,}/g,
  // A key of an older Grafana is JSON in base64 without a dot.
  /\beyJrIjoi[\w+/]{16,}={0,2}/g,
  // Keys of wallets: extended (BIP 32), and one alone in base58 as it is exported.
  /\b[xyzt]prv[1-9A-HJ-NP-Za-km-z]{100,}/g,
  /\b(?:5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KL](?=[A-Za-z]{0,50}\d)[1-9A-HJ-NP-Za-km-z]{51})\b/g,
  /\bPuTTY-User-Key-File-\d[\s\S]*?(?:Private-MAC: [0-9a-f]+|$)/g,
  /\beyJ[\w-]{6,}\.[\w-]{2,}(?:\.[\w-]*)*/g,
  // Discord: it begins with the digits of an account in base64, which no name of a class looks like.
  /\b(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){5,7}[\w-]{0,4}\.[\w-]{6}\.[\w-]{25,}/g,
  /(?<![0-9])\d{8,12}:[A-Za-z][\w-]{33,}/g,
];

/** Says that one of the shapes above, or of the addresses below, may stand in a text. */
export const shapeHint =
  /xox|xapp|gh[opsur]_|glpat|gl(?:dt|rt|cbt|ptt|ft|soat)-|npm_|pypi-|hf_|[sr]k[-_]|gsk_|whsec|A(?:KIA|SIA|GPA|ROA|Iza)|ya29|GOCSPX|SG\.|xkeysib|hv[sbr]\.|do[opr]_v1|shp(?:at|ca|pa|ss)_|gl(?:sa|c)_|NRAK-|lin_api|dckr_|tskey-|ATATT3|PMAK-|sntry[su]_|dapi[0-9a-f]|AGE-SECRET|PuTTY|eyJ|(?:ntn|figd|sbp|rpa|r8)_|pul-|xai-|pplx-|sq0csp|FLWSECK|dp\.[psc]t\.|EAA[A-Z]|1\/\/0|[xyzt]prv|\b5[HJK][1-9A-Za-z]{9}|\b[KL][1-9A-Za-z]{51}|@tcp|htpasswd|redis-cli|docker|ldap|пароль|密码|contraseñ|mot de passe|\bp(?:riv|k)\b|[MNO][DTjz][AEIMQUYcgk][w-z0-5][MNO]|\d{8}:|:\/\/|mysql|curl|IDENTIFIED|oracle|infura|alchemy|hooks\.|webhooks|\/ws\/|quiknode|ankr|chainstack|p2pify|getblock|blastapi/i;

/**
 * Addresses that are passwords themselves, because whoever has one can use it: what stands before the key, and the key. The
 * key is what comes after the first group.
 */
export const addressKeys: readonly RegExp[] = [
  /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[^\s"'<>\\]+/gi,
  /(discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{1,25}\/)[^\s"'<>\\/?#]+/gi,
  /(api\.telegram\.org\/(?:file\/)?bot)[^\s"'<>\\/?#]{8,}/gi,
  /(\bquiknode\.pro\/)[\w-]{16,}/gi,
  /(\brpc\.ankr\.com\/(?:[a-z][\w-]{1,40}\/)?)[0-9a-f]{32,}/gi,
  /((?:\bcore\.chainstack\.com|\bp2pify\.com)\/(?:ws\/|beacon\/)?)[\w-]{16,}/gi,
  /(\bgo\.getblock\.(?:io|us)\/)[\w-]{16,}/gi,
  /(\bblastapi\.io\/)[\w-]{16,}/gi,
  /(\.webhook\.office\.com\/webhookb2\/)[^\s"'<>\\]+/gi,
  /(\bevents\.pagerduty\.com\/integration\/)[\w-]{16,}/gi,
  /(\bhc-ping\.com\/)[\w-]{16,}/gi,
  /(\/ws\/)[A-Za-z0-9]{48,}/g,
  /((?<![\w-])(?:infura\.io|alchemy\.com|alchemyapi\.io)(?::\d{1,5})?\/(?:ws\/)?v\d{1,2}\/)[\w-]{20,200}/gi,
];

/** PEM, whole or cut off: nothing after BEGIN is shown until END. */
export const privateKey =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}-----|$)/g;
/**
 * `scheme://user:password@host`: the password goes, the user stays. A port before a path is no password. One that has an `@` and
 * then a `/` goes on where what stands behind that `@` is no host and what stands behind the next one is.
 */
export const urlPassword =
  /(:\/\/[^\s:/?#@"'<>]{0,100}:)(?!\d{1,5}[/?#])[^\s"'<>@]{1,200}(?:@[^\s/?#"'<>@]{1,200}(?=@)|@(?!localhost|[\w-]{1,63}[.:])[^\s"'<>@]{1,200}(?=@[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.[a-z]{2,20}\b)){0,40}(?=@)/gi;
/** In the address of a store the password goes up to the last `@`: few of them have one in their path. */
export const storeUrlPassword =
  /((?<!\bhttps?):\/\/[^\s:/?#@"'<>]{0,100}:)(?!\d{1,5}[/?#])[^\s"'<>@]{1,200}(?:@[^\s"'<>@]{1,200}){0,8}(?=@)/gi;
/** Passwords given to a command as an argument: what stands before it, and the password. */
export const commandSecrets: readonly RegExp[] = [
  /(\bsshpass\s{1,4}-p\s{0,4}["']?)[^\s"']+/g,
  /(\bmysql(?:dump|admin)?\s(?:[^\r\n]{0,200}?\s)?-p["']?)(?!\d{1,5}:\d)[^\s"']+/g,
  /(\b(?:requirepass|masterauth)[ \t]{1,20}["']?)(?!is\b|not\b)[^\s"']+/gi,
  /(\bAUTH["']?[ \t]{1,2}["']?(?:default["']?[ \t]{1,2}["']?)?)(?=[^\s"']{0,60}\d)[^\s"']{5,}/g,
  /(\bIDENTIFIED\s{1,4}(?:WITH\s{1,4}\S{1,40}\s{1,4})?(?:BY|AS)\s{1,4}(?:PASSWORD\s{1,4})?["'])[^"'\r\n]+/gi,
  /(\bpassword(?:\s{0,3}\(\s?|\s{1,3})["'])[^"'\r\n]+/gi,
  /(\blogin\s{1,4}\S{1,80}\s{1,4}password\s{1,4})\S+/gi,
  /(\bjdbc:oracle:\w{1,10}:[^\s/@"']{1,60}\/)[^\s@"']+(?=@)/gi,
  /(\b(?:private[-_ ]?key[ \t]{1,4}|(?:priv|pk)["']?\s{0,4}[:=]\s{0,4}["']?))(?:0x)?[0-9a-f]{64}\b/gi,
  /(\bredis-cli\s(?:[^\r\n]{0,200}?\s)?(?:-a|--pass)[ =]{0,2}["']?)[^\s"']+/g,
  /(\bdocker\s+login\s(?:[^\r\n]{0,200}?\s)?-p[ =]{0,2}["']?)[^\s"']+/g,
  /(\bldap\w{1,12}\s(?:[^\r\n]{0,300}?\s)?-w[ ]{0,2}["']?)[^\s"']+/g,
  /(\bhtpasswd\s(?:-\w{1,8}\s{1,4}){0,4}-\w{0,6}b\w{0,6}\s{1,4}\S{1,200}\s{1,4}\S{1,80}\s{1,4})\S+/g,
  // The address of MySQL as Go writes it.
  /(\b[\w.-]{1,60}:)[^\s:@"'/]{3,200}(?=@(?:tcp|unix)\()/g,
  // The word for it in other languages.
  /((?:пароль|密码|contraseñas?|mot de passe)["']?\s{0,4}[:=：]\s{0,4}["']?)(?=[^\s"']{0,80}[\d!-/])[^\s"',;]{5,}/giu,
  /(\bcurl\s(?:[^\r\n]{0,300}?\s)?(?:-u|--user)[ =]{0,2}["']?[^\s:"']{1,100}:)[^\s"']+/g,
];
/** `["authorization", "Bearer …"]`: a name and its value as neighbours in a list. */
export const pairedValue =
  /((?<=[[,(]\s{0,3})\\?["']([\w.-]{0,40}(?:authori[sz]ation|pass|secret|token|key|cookie)[\w.-]{0,40})\\?["']\s{0,3},\s{0,3}\\?["'])([^"'\\\r\n]+)/gi;
/** `https://token@host`; a short one is told from a user's name by its digits. */
export const urlToken =
  /((?:\bhttps?(?=:\/\/[^\s:/?#@"'<>]{0,19}\d))?:\/\/)(?:(?<=https?:\/\/)[^\s:/?#@"'<>]{8,200}|[^\s:/?#@"'<>]{20,200})(?=@)/gi;
export const authorisation =
  /(authori[sz]ation\s{0,4}[:=]\s{0,4})(?:(?:digest|oauth|aws4-hmac-sha256) +[^\r\n]+|(?:[A-Za-z][\w-]{1,20} +)?[^\s"'\\,;]+)/gi;
export const cookie = /(cookie\s{0,4}[:=]\s{0,4})[^\r\n"'\\]+/gi;
export const schemed = /\b((?:bearer|basic|token|apikey|digest|negotiate) +)([\w.~+/=-]{8,})/gi;
/** A signature long enough to be one: what it signs can be sent again under it. */
export const signature =
  /(\b(?:signature|sign)["']?\s{0,4}[:=]\s{0,4}["']?)(?:[0-9a-f]{32,}|[A-Za-z0-9+/]{42,}={0,2})/gi;
/** The words of a wallet (BIP 39): 12 to 24, of 3 to 8 letters. */
export const mnemonic =
  /((?:mnemonic|(?:seed|recovery|secret)[-_ ]?(?:phrase|words?))(?: is)?["']?\s{0,4}[:=]?\s{0,4}["']?)(?:[a-z]{3,8}[ ,]{1,3}){11,23}[a-z]{3,8}/gi;
/** `password: |` and its lines, which are indented further than the name. */
export const yamlBlock =
  /^([ \t-]*)(["']?)([\w.-]{1,80})\2[ \t]{0,4}:[ \t]*[|>][-+0-9]{0,3}[ \t]*(?:#[^\n]*)?(\r?\n)((?:(?:\1[ \t]+[^\n]*|[ \t\r]*)(?:\n|$))+)/gm;
/** `password:` and the items of a list below it. */
export const yamlList =
  /^([ \t-]*)(["']?)([\w.-]{1,80})\2[ \t]{0,4}:[ \t]*(\r?\n)((?:\1[ \t]*-[ \t]+[^\n]*(?:\n|$))+)/gm;
/** `<password>…</password>`, also with attributes and a namespace. */
export const xmlElement = /(<([\w:.-]{1,80})(?:\s[^<>]{0,200})?>\s{0,20}(?:<!\[CDATA\[)?)([^<\]]{1,2000})(?=\]\]>|<)/g;
/** `<entry key="password">…</entry>`. */
export const xmlEntry =
  /(<[\w:.-]{1,40}\s(?:[^<>]{0,100}\s)?(?:key|name)=["']([\w.:-]{1,80})["'][^<>]{0,200}>\s{0,20}(?:<!\[CDATA\[)?)([^<\]]{1,2000})(?=\]\]>|<)/g;
/** `{"value": "…", "name": "DB_PASS"}`. */
export const valueFirst =
  /(\bvalue\\{0,7}["']?\s{0,3}[:=]\s{0,3}\\{0,7}["'])([^"'\\\r\n]{1,500})(\\{0,7}["'][\s,]{1,40}\\{0,7}["']?(?:name|key)\\{0,7}["']?\s{0,3}[:=]\s{0,3}\\{0,7}["']?)([\w.:-]{1,80})/gi;
/** `{"name": "DB_PASS", "value": "…"}`, as Kubernetes, .NET and Docker write pairs. */
export const namedValue =
  /((?:name|key)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?([\w.:-]{1,80})\\?["']?[\s,]{1,40}\\?["']?value\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?)([^"'\s,}<>\\]+)/gi;
