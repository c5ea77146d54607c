/** Programs by their names, as launched.ts takes them: without version, `.exe` and what marks a build (`-static`, `.real`). */

function named(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}

/** They run the file that they are given, and program text where an option brings it. */
export const interpreters = named(
  "sh bash rbash ash dash zsh rzsh ksh lksh mksh oksh rksh pdksh csh tcsh fish yash posh sash xonsh elvish osh ysh pwsh",
  "powershell osascript eval expect tcl tclsh wish jimsh python pythonw ipython bpython ptpython pypy micropython graalpy jython",
  "perl ruby jruby irb node nodejs deno bun qjs tsx ts-node vite-node esno zx php php-cgi hhvm lua luajit luau java javaw jshell",
  "jrunscript groovy groovysh scala kotlin kotlinc clojure dotnet rscript julia octave guile racket sbcl clisp newlisp gforth",
  "ocaml escript elixir iex erl ghci runghc",
);

/** They run, here or elsewhere, what any of their words may name, or read code, queries or settings that run something. */
export const takersOfCode = named(
  // As somebody else, elsewhere, later, or within other bounds.
  "ssh sudoedit autossh sshpass mosh dbclient plink su runuser pkexec setpriv capsh gosu su-exec setuidgid s6-setuidgid s6-envdir chpst",
  "sg newgrp runcon chroot unshare nsenter bwrap firejail proot fakeroot faketime cgexec numactl cpulimit machinectl lxc",
  "lxc-attach incus systemd-run start-stop-daemon at batch crontab screen tmux script watch flock lckdo retry parallel sem xargs",
  "chronic ifne mispipe unbuffer rlwrap xvfb-run dbus-run-session torsocks torify proxychains entr nodemon watchexec pm2 forever",
  "wait-for-it dockerize strace ltrace gdb perf valgrind run-parts ld",
  // Languages that are called as words are, so that the words of somebody's own script are none of them.
  "r py hy nu sage raku rakudo pry bb clj swift crystal nim moon lune fennel janet scheme csi gsi gosh maxima gp gnuplot cscript",
  "chezscheme mit-scheme picolisp lumo planck wren ringo sagemath",
  // With an environment that they make.
  "direnv mise asdf nix nix-shell guix steam-run conda mamba micromamba pixi envchain aws-vault chamber doppler op sops dotenv",
  "dotenvx with-contenv envdir consul consul-template envconsul vault teleport tsh boundary",
  // Of files, texts and archives.
  "find fd make just task rake ninja git sed awk mawk nawk oawk ed ex vi vim nvim emacs jq yq bc dc m4 tar bsdtar cpio rsync scp",
  "sftp zip split sort openssl magick convert ffmpeg gs latex pdflatex xelatex lualatex gcc cc rustc",
  // Of databases.
  "psql pgcli mysql mysqlsh mycli mariadb usql sqlite mongo mongosh redis-cli valkey-cli sqlplus cqlsh influx etcdctl duckdb",
  "clickhouse clickhouse-client clickhouse-local",
  // Of containers, clouds, packages and machines.
  "docker docker-compose podman nerdctl ctr crictl runc kubectl oc helm nomad vagrant ansible ansible-playbook salt salt-call fab",
  "invoke cap kamal terraform tofu aws az gcloud flyctl heroku npm npx pnpm yarn pip pipx pipenv poetry pdm hatch rye tox nox",
  "pytest uv uvx bundle gem composer mix lein gradle gradlew mvn ant go cargo",
);

/** A word of theirs may say where they connect to, and they bring the credentials that they have. */
export const connecting = named(
  // Each takes the name of a database for a connection string.
  "pg_dump pg_dumpall pg_restore pg_isready pg_basebackup pg_receivewal pg_recvlogical pg_rewind pg_amcheck pgbench createdb",
  "dropdb createuser dropuser vacuumdb reindexdb clusterdb vacuumlo oid2name repmgr",
  "mongodump mongorestore mongoexport mongoimport mongostat mongotop mongofiles mysqldump mysqladmin mysqlimport mysqlcheck",
  "mysqlpump mysqlbinlog mariadb-dump mariadb-admin mariadb-import mariadb-check mariadb-binlog",
  "curl wget http https xh aria2c ftp lftp telnet nc ncat netcat socat grpcurl kcat kafkacat nats ldapsearch smbclient",
  "rclone restic borg s3cmd mc",
);

/** They run the words behind them, as they are. */
export const launchers = named(
  "env sudo doas nice ionice nohup setsid stdbuf timeout time chrt taskset choom prlimit tini dumb-init catatonit",
);
/** Of these the first word behind `--` is theirs. */
export const takersOfOperand = named("timeout chrt taskset");
/** Of these, options that hand what stands behind `--` to a shell or an editor, or that are words to be split; shortened, too. */
export const shellOptions: ReadonlyMap<string, RegExp> = new Map([
  ["sudo", /^(?:-[A-Za-z]*[ise]|--(?:lo|sh|e))/],
  ["doas", /^-[A-Za-z]*s/],
  ["env", /^(?:-[A-Za-z0]*S|--s)/],
]);

/** One file that is many programs: the word behind it says which. */
export const manyInOne = named("busybox toybox coreutils");

/** Of the machine's own, by their full names: what takes files, names, numbers and texts, and runs and reaches nothing by them. */
export const takersOfData = named(
  "cat head tail ls stat du df wc cksum b2sum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum date touch mkdir rmdir rm cp",
  "mv ln echo printf test true false sleep basename dirname readlink realpath truncate cut tr uniq comm paste seq grep id getent",
  "hostname uname kill logger gzip gunzip xz unxz zstd unzstd",
);

/** Where the machine's own programs lie. What lies elsewhere is somebody's own, and trusted as a script of theirs is. */
export const machines = new RegExp(
  `^/(?:${[
    "(?:usr/)?s?bin",
    "(?:usr/)?lib(?:exec|x?\\d+)?",
    "usr/(?:games|pkg)",
    "etc/(?:alternatives|profiles)",
    "run/(?:current-system|wrappers)",
    "nix",
    "gnu/store",
    "snap",
    "var/lib/(?:snapd|flatpak)",
    "opt/(?:homebrew|local)",
    "home/linuxbrew",
  ].join("|")})/`,
  "i",
);
