# One script, two verbs, each to be repeated at will. `prepare OLD` makes a new host key beside the
# one whose public half is OLD; nobody uses it yet. `install OLD NEW` puts it in OLD's place and has
# the SSH server read it. Arguments are public keys; a private one never leaves the machine. Answers
# new=KEY, current=KEY (OLD is not there, this is), installed=yes, or cannot=WORD.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
verb=$1 old=$2 new=$3
cannot() { echo "cannot=$1"; exit 0; }

# The server that listens is the outermost sshd that this shell descends from. Where something else
# listens for it, there is only one for this session, which says so in its title.
server=''
title=''
pid=$$
while [ -n "$pid" ] && [ "$pid" -gt 1 ]; do
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = sshd ] && server=$pid
  pid=$(sed -n 's/^PPid:[^0-9]*//p' "/proc/$pid/status" 2>/dev/null)
done
[ -n "$server" ] && title=$(tr '\0' ' ' <"/proc/$server/cmdline" 2>/dev/null)
case $title in *'[priv]'*) server='' ;; esac
config=$(printf '%s\n' "$title" | sed -n 's/.* -f *\([^ ]*\).*/\1/p')

as=''
if [ "$(id -u)" != 0 ] && { [ -z "$server" ] || ! kill -0 "$server" 2>/dev/null; }; then
  sudo -n true 2>/dev/null || cannot root
  as='sudo -n'
fi
command -v ssh-keygen >/dev/null 2>&1 || cannot ssh-keygen
sshd=$(command -v sshd) || cannot sshd
server_with() { if [ -n "$config" ]; then $as "$sshd" "$1" -f "$config"; else $as "$sshd" "$1"; fi; }

public() { $as ssh-keygen -y -f "$1" </dev/null 2>/dev/null | cut -d' ' -f1,2; }
files=$(server_with -T 2>/dev/null | sed -n 's/^hostkey //p')
[ -n "$files" ] || files=/etc/ssh/ssh_host_ed25519_key
file=''
current=''
for one in $files; do
  key=$(public "$one")
  [ -n "$key" ] || continue
  case $key in
    "$old" | "$new") file=$one current=$key ;;
    ssh-ed25519*) [ -n "$file" ] || current=$key ;;
  esac
done
next=$file.sublet

reload() {
  server_with -t 2>/dev/null || cannot configuration
  if [ -n "$server" ]; then $as kill -HUP "$server" || cannot reload
  elif command -v systemctl >/dev/null 2>&1; then
    # Started anew for each connection, it needs no telling.
    $as systemctl reload ssh 2>/dev/null || $as systemctl reload sshd 2>/dev/null || :
  fi
}

case $verb in
  prepare)
    if [ -z "$file" ]; then echo "current=$current"; exit 0; fi
    if [ -z "$(public "$next")" ]; then
      $as rm -f "$next" "$next.pub"
      $as ssh-keygen -q -t ed25519 -N '' -C '' -f "$next" </dev/null >/dev/null 2>&1 || cannot write
    fi
    echo "new=$(public "$next")" ;;
  install)
    if [ "$current" != "$new" ]; then
      if [ -z "$file" ] || [ "$(public "$next")" != "$new" ]; then cannot lost; fi
      # A public half that does not fit would keep the server from using the key at all.
      $as rm -f "$file.pub" || cannot write
      $as mv -f "$next" "$file" || cannot write
      $as mv -f "$next.pub" "$file.pub"
    fi
    reload
    echo installed=yes ;;
esac
