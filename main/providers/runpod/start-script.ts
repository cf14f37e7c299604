/**
 * The first process of a pod, POSIX sh: runs what the launch sent along, then an SSH server that is
 * started again when it ends, as with its first process the whole container would end. SUBLET_ROOT
 * and SUBLET_SSH_PORT are set by tests alone.
 */
export const startScript = String.raw`#!/bin/sh
root=$SUBLET_ROOT port=$SUBLET_SSH_PORT
[ -n "$port" ] || port=22
[ -n "$HOME" ] || HOME=/root
export HOME
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
umask 077
ssh=$root/etc/ssh
mkdir -p "$ssh" "$root/etc/profile.d" "$root/run/sshd" "$root/tmp" || exit 72

# What was sent along is for this script alone.
first=$SUBLET_USER_DATA host_key=$SUBLET_HOST_KEY log_in=$PUBLIC_KEY
unset SUBLET_START SUBLET_USER_DATA SUBLET_HOST_KEY PUBLIC_KEY

# The lease comes before anything that takes its time.
if [ -n "$first" ]; then
  printf %s "$first" | base64 -d >"$root/tmp/sublet-first"
  sh "$root/tmp/sublet-first" </dev/null >/dev/null 2>&1 &
fi

# A log-in knows nothing of the image's variables (PATH, the folders of CUDA). What the job sets itself
# comes first; the pod's own key at RunPod is no job's business.
profile=$root/etc/profile.d/sublet-image.sh
: >"$profile"
for name in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do
  case $name in
    HOME | PWD | OLDPWD | SHLVL | TERM | HOSTNAME | USER | LOGNAME | _) continue ;;
    RUNPOD_API_KEY | SUBLET_*) continue ;;
  esac
  eval "value=\$$name"
  [ -n "$value" ] || continue
  [ "$name" = PATH ] || printf '[ -n "$%s" ] || ' "$name"
  printf "export %s='" "$name"
  printf %s "$value" | sed "s/'/'\\\\''/g"
  printf "'\n"
done >>"$profile"
chmod 644 "$profile"

if ! command -v sshd >/dev/null; then
  echo 'sublet: this image has no SSH server; installing one'
  if command -v apt-get >/dev/null; then
    apt-get update &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends openssh-server
  elif command -v apk >/dev/null; then
    apk add --no-cache openssh
  elif command -v dnf >/dev/null; then
    dnf install -y openssh-server
  elif command -v yum >/dev/null; then
    yum install -y openssh-server
  fi
fi
sshd=$(command -v sshd) || {
  echo 'sublet: no SSH server could be installed in this image' >&2
  exit 69
}

# Host keys that lie in an image are everybody's. Ours stay when the container starts again: the
# machine has replaced the one that was sent.
key=$ssh/ssh_host_ed25519_key
if [ "$(cat "$ssh/sublet_keys" 2>/dev/null)" != "$log_in" ]; then
  rm -f "$ssh"/ssh_host_*
  if [ -n "$host_key" ]; then
    printf %s "$host_key" | base64 -d >"$key"
    ssh-keygen -y -f "$key" >"$key.pub"
  else
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$key"
  fi
fi
printf '%s\n' "$log_in" >"$ssh/sublet_keys"
chmod 755 "$root/run/sshd"
chmod 644 "$ssh/sublet_keys"
cat >"$ssh/sublet_config" <<END
Port $port
HostKey $key
AuthorizedKeysFile $ssh/sublet_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
ChallengeResponseAuthentication no
StrictModes no
PidFile none
Subsystem sftp internal-sftp
END

trap 'kill "$server" 2>/dev/null; exit 0' TERM INT
while :; do
  "$sshd" -D -e -f "$ssh/sublet_config" &
  server=$!
  wait "$server"
  sleep 1
done
`
