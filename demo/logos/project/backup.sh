#!/bin/sh
# Backups of LOGOS PXL Core, as its guide takes and restores them with `tar` and `docker`, without what is wrong there. It lies in
# scripts/ of the stack and is run in the stack's folder, with BACKUPS and DOCKER named by who calls it. No name may lead elsewhere.
set -eu

refuse() {
  echo "backup.sh: $1" >&2
  exit 2
}
plain() {
  case "${1:-}" in "" | .* | -* | *[!A-Za-z0-9._-]*) refuse "no plain name: ${1:-none}" ;; esac
}
image() {
  case "${1:-}" in "" | -* | *[!A-Za-z0-9._/:@-]*) refuse "no image: ${1:-none}" ;; esac
}
files="docker-compose.yml docker-compose.prod.yml .env"
tools=alpine:3.20

verb="${1:-}"
case "$verb" in
  take) # VOLUME NAME: what a volume holds, as an archive
    plain "${2:-}" && plain "${3:-}"
    exec "$DOCKER" run --rm -v "$2:/data:ro" -v "$BACKUPS/data:/backup" "$tools" tar czf "/backup/$3" -C /data .
    ;;
  unpack) # VOLUME NAME IMAGE: an archive into a volume of its own, and the core's own check of it there; one that fails is not kept
    plain "${2:-}" && plain "${3:-}" && image "${4:-}"
    "$DOCKER" volume create --label com.docker.compose.project=logos --label com.docker.compose.volume=data "$2"
    "$DOCKER" run --rm -v "$2:/data" -v "$BACKUPS/data:/backup:ro" "$tools" tar xzf "/backup/$3" -C /data &&
      "$DOCKER" run --rm -v "$2:/data" "$4" /app/verify-data-integrity.sh ||
      { "$DOCKER" volume rm "$2" >/dev/null; exit 1; }
    ;;
  verify) # the same in the core that runs
    set -- compose -p logos -f docker-compose.yml -f docker-compose.prod.yml --env-file .env
    exec "$DOCKER" "$@" exec -T pxl-core /app/verify-data-integrity.sh
    ;;
  held) # NAME: the files in a backup of the configuration
    plain "${2:-}"
    exec tar -tzf "$BACKUPS/config/$2"
    ;;
  differs) # NAME: what of them is another here
    plain "${2:-}"
    exec tar --compare -zf "$BACKUPS/config/$2"
    ;;
  fetch) # NAME: the images that its files name, once compose takes these files; nothing of the stack is changed
    plain "${2:-}"
    there=$(mktemp -d)
    trap 'rm -rf "$there"' EXIT
    trap 'exit 1' HUP INT TERM
    # shellcheck disable=SC2086
    tar -xzf "$BACKUPS/config/$2" -C "$there" $files
    set -- compose -p logos --project-directory . --env-file "$there/.env" \
      -f "$there/docker-compose.yml" -f "$there/docker-compose.prod.yml"
    images=$("$DOCKER" "$@" config --images 2>"$there/said") || { cat "$there/said" >&2; exit 1; }
    if grep 'variable is not set' "$there/said" >&2; then refuse "these files name what nothing sets"; fi
    for image in $images; do
      # What is here by its digest needs no registry; what a tag names may be another one by now.
      case "$image" in *@sha256:*) "$DOCKER" image inspect --format '{{.Id}}' "$image" >/dev/null 2>&1 && continue ;; esac
      "$DOCKER" "$@" pull
      break
    done
    ;;
  keep) # NAME: the files of now, as a backup
    plain "${2:-}"
    # shellcheck disable=SC2086
    exec tar -czf "$BACKUPS/config/$2" $files
    ;;
  restore) # NAME: those of a backup in their place, and no other file
    plain "${2:-}"
    # shellcheck disable=SC2086
    exec tar -xzf "$BACKUPS/config/$2" $files
    ;;
  *)
    refuse "usage: backup.sh take|unpack|verify|held|differs|fetch|keep|restore …"
    ;;
esac
