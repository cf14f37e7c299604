# Sublet: ends this machine in time although nobody ever logs in. The first thing on it, by user
# data, as the user who will log in; no secrets. The supervisor takes the lease over by SSH.
# Set above: RENTAL ENDS_IN_S SENT_AT_S BOOT_S AFTER_EXIT_S IDLE_S GRACE_S HOOK (POSIX sh).
PATH=${PATH:-/usr/bin:/bin}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH
umask 077
ROOT=${HOME:-/root}/.sublet
R=$ROOT/rentals/$RENTAL
mkdir -p "$R" "$ROOT/attempts"

number() { case $1 in '' | *[!0-9]* | ????????????????*) return 1 ;; esac; }

clocks() {
  WALL=$(date +%s)
  if { read -r MONO _ </proc/uptime; } 2>/dev/null; then MONO=${MONO%%.*}; else MONO=$WALL; fi
}

BOOT=none
{ read -r BOOT </proc/sys/kernel/random/boot_id; } 2>/dev/null || BOOT=none
clocks
# What the boot took, by this machine's clock where that can be: no job is here yet that a clock
# some minutes ahead could harm, and the first login sets the lease anew. Else what it was to take.
took=$((WALL - SENT_AT_S)) behind=0
if [ $took -lt -60 ] || [ $took -gt 1500 ]; then
  [ $took -lt 0 ] && behind=$((BOOT_S - took))
  took=$BOOT_S
fi
[ "$took" -ge 0 ] || took=0
left=$((ENDS_IN_S - took))
[ $left -ge 0 ] || left=0
# At a second boot the end stays what it was.
if [ ! -s "$R/lease" ]; then
  printf '%s\n' "endMono=$((MONO + left))" "endWall=$((WALL + left))" "boot=$BOOT" \
    "afterExitS=$AFTER_EXIT_S" "idleS=$IDLE_S" "graceS=$GRACE_S" busyKiBps=64 "behindS=$behind" \
    set=first >"$R/lease.new"
  mv -f "$R/lease.new" "$R/lease"
  printf '#!/bin/sh\n%s\n' "$HOOK" >"$R/hook.new"
  chmod 700 "$R/hook.new"
  mv -f "$R/hook.new" "$R/self-terminate"
fi

# The lease as it stands, which a login may have moved; what was read last where it is garbage.
look() {
  end_mono='' end_wall='' boot='' by=''
  { while IFS='=' read -r key value; do
    case $key in
      endMono) end_mono=$value ;; endWall) end_wall=$value ;; boot) boot=$value ;; set) by=$value ;;
    esac
  done <"$R/lease"; } 2>/dev/null
  number "$end_mono" && number "$end_wall" && END_MONO=$end_mono END_WALL=$end_wall LEASE_BOOT=$boot BY=$by
  clocks
  left=$((END_WALL - WALL))
  [ "$LEASE_BOOT" = "$BOOT" ] && left=$((END_MONO - MONO))
  return 0
}

end() {
  [ -e "$R/ended" ] || echo "$1" >"$R/ended"
  if [ -n "$hook_pid" ] && kill -0 "$hook_pid" && [ $((MONO - hook_at)) -lt 60 ]; then return 0; fi
  [ -n "$hook_pid" ] && kill -9 "$hook_pid"
  printf '%s\n' "$HOOK" | SUBLET_RENTAL_ID=$RENTAL SUBLET_END_REASON=$1 sh &
  hook_pid=$! hook_at=$MONO
}

(
  trap '' HUP INT
  me=- started=-
  # A redirection is the shell's own doing, so this is its own number, and not a child's.
  if { read -r stat </proc/self/stat; }; then
    me=${stat%% *}
    # shellcheck disable=SC2086  # splitting is the point
    set -- ${stat##*) }
    started=${20}
  fi
  echo "$me $started $BOOT first" >"$R/watchdog.new"
  mv -f "$R/watchdog.new" "$R/watchdog"
  END_MONO=$((MONO + left)) END_WALL=$((WALL + left)) LEASE_BOOT=$BOOT BY=first
  since=$MONO hook_pid='' hook_at=0
  while :; do
    # The supervisor's watchdog has taken over.
    { read -r pid _ <"$R/watchdog"; } && number "$pid" && [ "$pid" != "$me" ] && kill -0 "$pid" && exit 0
    look
    if [ $left -le 0 ]; then
      end end
    elif [ "$BY" = first ] && [ "$IDLE_S" -gt 0 ] && [ $((MONO - since)) -ge "$IDLE_S" ]; then
      end idle
    fi
    pause=${SUBLET_TICK_S:-5}
    [ "$left" -gt 0 ] && [ "$left" -lt "$pause" ] && pause=$left
    sleep "$pause"
  done
) </dev/null >/dev/null 2>&1 &
