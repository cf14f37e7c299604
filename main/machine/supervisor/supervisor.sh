#!/bin/sh
# Sublet's supervisor: keeps a job, its log, its metrics and the machine's lease while no client is
# connected. One file for dash, bash and busybox sh; nothing to install, nothing listening.
#
#   supervisor.sh lease-set RENTAL [endsInS=N] [afterExitS=N] [idleS=N] [graceS=N] [busyKiBps=N] [nowS=N]
#   supervisor.sh extend RENTAL SECONDS          supervisor.sh lease-read RENTAL
#   supervisor.sh hook RENTAL    <script         supervisor.sh sweep RENTAL
#   supervisor.sh prepare ATTEMPT RENTAL [GPUS [CHECKPOINT_SIGNAL]]  <run script
#   supervisor.sh start ATTEMPT  <environment    supervisor.sh status ATTEMPT
#   supervisor.sh log|metrics ATTEMPT OFFSET [follow]
#   supervisor.sh stop ATTEMPT [GRACE_S]         supervisor.sh checkpoint ATTEMPT SIGNAL [force]
#   supervisor.sh collected ATTEMPT
#
# Every verb may be repeated. Answers are key=value lines. Exit codes: 0 done, 1 processes remain,
# 64 wrong use, 65 input incomplete, 66 no such attempt or rental, 73 cannot write.
# The environment arrives as lines "NAME \0ooo\0ooo…" (one octal escape a byte) and a last line
# "end". It is decoded by builtins only, so that no value reaches a disk or an argument list.
# Tests may set SUBLET_ROOT, SUBLET_SH, SUBLET_TICK_S, SUBLET_LOG_CAP, SUBLET_PROC, SUBLET_WITHOUT
# (programs to do without).
set -u

PATH=${PATH:-/usr/bin:/bin}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/nvidia/bin:/usr/lib/wsl/lib:/opt/rocm/bin
export PATH
ROOT=${SUBLET_ROOT:-$HOME/.sublet}
PROC=${SUBLET_PROC:-/proc}
SH=${SUBLET_SH:-sh}
# So long before TERM the watchdog asks for a checkpoint.
CHECKPOINT_LEAD_S=60
SELF=$0
CALLER_UMASK=${SUBLET_UMASK:-$(umask)}
umask 077

die() {
  printf 'supervisor: %s\n' "$2" >&2
  exit "$1"
}

nap() { sleep "$1" 2>/dev/null || sleep 1; }

have() {
  case " ${SUBLET_WITHOUT:-} " in *" $1 "*) return 1 ;; esac
  command -v "$1" >/dev/null 2>&1
}

is_number() {
  case $1 in '' | *[!0-9]* | ????????????????*) return 1 ;; esac
}

# Leading zeros would be read as octal.
decimal() {
  is_number "$1" || return 1
  NUMBER=$1
  while :; do case $NUMBER in 0?*) NUMBER=${NUMBER#0} ;; *) return 0 ;; esac; done
}

check_id() {
  case $1 in '' | .* | -* | *[!A-Za-z0-9_.-]*) die 64 "not an id: $1" ;; esac
}

attempt() {
  check_id "$1"
  ID=$1
  A=$ROOT/attempts/$1
}

rental() {
  check_id "$1"
  RENTAL=$1
  R=$ROOT/rentals/$1
}

# Whole or not at all, whoever reads it meanwhile.
put() {
  { printf '%s\n' "$2" >"$1.$$.new" && mv -f "$1.$$.new" "$1"; } 2>/dev/null
}

first_line() {
  LINE=
  { IFS= read -r LINE <"$1"; } 2>/dev/null
}

size_of() {
  SIZE=0
  [ -f "$1" ] || return 0
  SIZE=$(($(wc -c <"$1")))
}

# ---- time -------------------------------------------------------------------------------------

# MONO is whole seconds since boot, which no change of the clock moves.
clocks() {
  WALL=$(date +%s)
  if { read -r MONO _ <"$PROC/uptime"; } 2>/dev/null; then MONO=${MONO%%.*}; else MONO=$WALL; fi
}

BOOT=none
{ read -r BOOT <"$PROC/sys/kernel/random/boot_id"; } 2>/dev/null || BOOT=none

# ---- processes --------------------------------------------------------------------------------

# START tells one process from a later one with the same number; a zombie counts as none.
start_of() {
  START=
  if [ -r "$PROC/self/stat" ]; then
    { IFS= read -r stat_line <"$PROC/$1/stat"; } 2>/dev/null || return 1
    # shellcheck disable=SC2086  # splitting is the point
    set -- ${stat_line##*) }
    case $1 in Z | X) return 1 ;; esac
    START=${20:-}
  else
    START=$(ps -o stat=,lstart= -p "$1" 2>/dev/null | tr -s ' \n' '__')
    case $START in Z*) return 1 ;; esac
    START=${START#*_}
  fi
  [ -n "$START" ]
}

identity() { start_of "$1" && IDENTITY="$1 $START $BOOT"; }

# True while the very process that is named in the file lives. Sets PID.
alive() {
  PID=
  { read -r pid_was start_was boot_was _ <"$1"; } 2>/dev/null || return 1
  is_number "$pid_was" || return 1
  [ "$boot_was" = "$BOOT" ] || return 1
  start_of "$pid_was" || return 1
  [ "$START" = "$start_was" ] || return 1
  PID=$pid_was
}

# Replaces this (sub)shell by the command as leader of a session of its own, so that no hang-up
# reaches it and its group can be told apart. A shell's "&" ignores INT and QUIT: undone here.
in_session() {
  if have setsid; then
    if env --default-signal=INT,QUIT,HUP true 2>/dev/null; then
      exec setsid env --default-signal=INT,QUIT,HUP "$@"
    fi
    exec setsid "$@"
  elif have python3; then
    exec python3 -c 'import os, signal, sys
for name in ("INT", "QUIT", "HUP"): signal.signal(getattr(signal, "SIG" + name), signal.SIG_DFL)
os.setsid()
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
  elif have perl; then
    # shellcheck disable=SC2016  # perl's variables
    exec perl -MPOSIX -e '$SIG{$_} = "DEFAULT" for qw(INT QUIT HUP); POSIX::setsid(); exec @ARGV' "$@"
  fi
  trap '' HUP
  exec "$@"
}

# Numbers of the processes that carry the attempt's mark, unless another home's attempt of that name
# set it. "head" names each file before its content; busybox's grep would stop at the first NUL.
marked() {
  head -c 2097152 "$PROC"/[0-9]*/environ /dev/null 2>/dev/null | tr '\0' '\n' |
    awk -v mark="SUBLET_ATTEMPT_ID=$ID" -v home="SUBLET_ATTEMPT_DIR=$A" '
      /^==> .* <==$/ {
        if (ours && !other) printf "%s ", pid
        n = split($2, part, "/"); pid = part[n - 1]; ours = other = 0
      }
      $0 == mark { ours = 1 }
      /^SUBLET_ATTEMPT_DIR=/ && $0 != home { other = 1 }'
}

# All living processes of the attempt: marked ones, the main process's session and group, and the
# descendants of all those.
members() {
  main=
  if { read -r main start_was boot_was _ <"$A/main"; } 2>/dev/null && is_number "$main"; then
    [ "$boot_was" = "$BOOT" ] || main=
    # The number may have been given to a stranger since.
    if [ -n "$main" ] && start_of "$main" && [ "$START" != "$start_was" ]; then main=; fi
  else
    main=
  fi
  if [ -r "$PROC/self/stat" ]; then
    cat "$PROC"/[0-9]*/stat 2>/dev/null |
      sed 's/^\([0-9]*\) (.*) \([A-Za-z]\) \([0-9]*\) \([0-9-]*\) \([0-9-]*\) .*/\1 \3 \4 \5 \2/'
  else
    ps -A -o pid=,ppid=,pgid=,stat= | awk '{ print $1, $2, $3, $3, $4 }'
  fi | awk -v main="${main:-none}" -v seeds="$(marked)" -v self=$$ '
    BEGIN { n = split(seeds, s, " "); for (i = 1; i <= n; i++) mine[s[i]] = 1; mine[main] = 1 }
    { parent[$1] = $2; if ($5 !~ /^[ZX]/) living[$1] = 1; if ($3 == main || $4 == main) mine[$1] = 1 }
    END {
      do { more = 0
        for (p in parent) if (!(p in mine) && (parent[p] in mine)) { mine[p] = 1; more = 1 }
      } while (more)
      # Parents first: a shell whose child ends before it is told to stop would run its next line.
      for (p in mine) {
        level = 0
        for (q = p; q != main && (parent[q] in mine) && level < 99; q = parent[q]) level++
        if (level > deepest) deepest = level
        depth[p] = level
      }
      for (level = 0; level <= deepest; level++)
        for (p in mine) if (depth[p] == level && (p in living) && p != self) print p
    }'
}

# In the moment of its exec a process shows no environment: "none" counts when seen twice.
members_twice() {
  seen=$(members)
  if [ -z "$seen" ]; then
    nap 0.05
    seen=$(members)
  fi
  printf '%s\n' "$seen"
}

container() {
  first_line "$A/container" || return 0
  case $LINE in sublet-*[!A-Za-z0-9_.-]*) return 0 ;; sublet-*) docker "$@" "$LINE" >/dev/null 2>&1 ;; esac
  return 0
}

# Asks once, waits for the grace, then kills until none is left. $2: "quiet" asks nobody.
end_processes() {
  pids=$(members)
  if [ -n "$pids" ]; then
    # shellcheck disable=SC2086
    [ "${2:-}" = quiet ] || kill -s TERM $pids 2>/dev/null
    clocks
    give_up=$((MONO + $1))
    while [ -n "$pids" ]; do
      clocks
      [ "$MONO" -ge "$give_up" ] && break
      nap 0.1
      pids=$(members_twice)
    done
  fi
  container kill
  tries=0
  while [ -n "$pids" ] && [ $tries -lt 50 ]; do
    # shellcheck disable=SC2086
    kill -s KILL $pids 2>/dev/null
    nap 0.1
    pids=$(members_twice)
    tries=$((tries + 1))
  done
  LEFT=0
  for pid in $pids; do LEFT=$((LEFT + 1)); done
  [ $LEFT -eq 0 ]
}

# ---- the job ----------------------------------------------------------------------------------

cmd_prepare() {
  attempt "$1"
  rental "$2"
  case ${3:-} in *[!0-9,a-z]*) die 64 "not a list of GPUs: $3" ;; esac
  case ${4:-} in *[!A-Z0-9]*) die 64 "not a checkpoint signal: $4" ;; esac
  mkdir -p "$A/work" "$A/output" "$R" || die 73 "cannot write in $ROOT"
  if [ -e "$A/runner" ]; then
    cat >/dev/null
  else
    put "$A/rental" "$2" || die 73 "cannot write in $A"
    if [ -n "${3:-}" ]; then put "$A/gpus" "$3"; else rm -f "$A/gpus"; fi
    if [ -n "${4:-}" ]; then put "$A/checkpoint" "$4"; else rm -f "$A/checkpoint"; fi
    { cat >"$A/run.new" && chmod 700 "$A/run.new" && mv -f "$A/run.new" "$A/run"; } || die 73 "cannot write in $A"
  fi
  printf 'folder=%s\n' "$A"
}

read_environment() {
  SUBLET_ENV_NAMES=
  while read -r name value; do
    if [ "$name" = end ] && [ -z "$value" ]; then
      export SUBLET_ENV_NAMES
      return 0
    fi
    case $name in '' | [0-9]* | *[!A-Za-z0-9_]*) die 65 'the environment has a wrong name' ;; esac
    case $value in *[!\\0-7]*) die 65 'the environment has a wrong value' ;; esac
    value=$(printf '%bx' "$value")
    # Under a prefix, so that a job's PATH or IFS cannot change this script.
    export "SUBLET_ENV_$name=${value%x}"
    SUBLET_ENV_NAMES="$SUBLET_ENV_NAMES $name"
  done
  die 65 'the environment ended early'
}

cmd_start() {
  attempt "$1"
  [ -f "$A/run" ] || die 66 "attempt $1 was not prepared"
  read_environment
  if [ ! -e "$A/runner" ]; then
    export SUBLET_UMASK="$CALLER_UMASK"
    # shellcheck disable=SC2086
    in_session $SH "$SELF" __runner "$1" </dev/null >/dev/null 2>&1 &
  fi
  tries=0
  until [ -e "$A/main" ] || [ -e "$A/exit" ] || [ $tries -ge 100 ]; do
    nap 0.05
    tries=$((tries + 1))
    # A runner that died before its job began will never write either file.
    [ -e "$A/runner" ] && ! alive "$A/runner" && break
  done
  [ -e "$A/runner" ] || die 73 "cannot start in $A"
  cmd_status "$1"
}

# The hard link is the claim: it appears complete, and for one runner only.
claim() {
  identity $$ || IDENTITY="$$ - $BOOT"
  printf '%s\n' "$IDENTITY" >"$A/runner.$$" || return 1
  if ln "$A/runner.$$" "$A/runner" 2>/dev/null; then
    rm -f "$A/runner.$$"
    return 0
  fi
  # A file system without hard links.
  if [ ! -e "$A/runner" ] && mkdir "$A/claim" 2>/dev/null; then
    mv "$A/runner.$$" "$A/runner"
    return 0
  fi
  rm -f "$A/runner.$$"
  return 1
}

# code, signal and phase of the end, once.
record_exit() {
  clocks
  first_line "$A/started" || LINE=$WALL
  started=$LINE
  first_line "$A/phase" || LINE=running
  ended_phase=$LINE
  [ -e "$A/exit" ] || put "$A/exit" "code=$1
signal=$2
phase=$ended_phase
startedS=$started
endedS=$WALL"
}

cmd_runner() {
  attempt "$1"
  trap '' HUP INT
  claim || exit 0
  clocks
  put "$A/started" "$WALL"
  if [ -e "$A/stop" ]; then
    record_exit 143 15
    exit 0
  fi
  printf '' >>"$A/log"
  {
    first_line "$A/rental"
    # shellcheck disable=SC2086
    SUBLET_ATTEMPT_ID=$ID SUBLET_RENTAL_ID=$LINE SUBLET_ATTEMPT_DIR=$A \
      in_session $SH "$SELF" __job "$ID" </dev/null &
    job=$!
    identity $job || IDENTITY="$job - $BOOT"
    put "$A/main" "$IDENTITY"
    exec 3>&1 >/dev/null 2>&1
    for name in $SUBLET_ENV_NAMES; do unset "SUBLET_ENV_$name"; done
    # shellcheck disable=SC2086
    in_session $SH "$SELF" __sampler "$ID" </dev/null 3>&- &
    sampler=$!
    # A stop that came before the job was there to be stopped.
    if [ -e "$A/stop" ]; then
      first_line "$A/stop"
      end_processes "${LINE%% *}"
    fi
    wait $job
    code=$?
    leave_nothing_behind
    exec 3>&-
    kill -s TERM -- -$sampler 2>/dev/null || kill -s TERM $sampler
    tries=0
    until [ -e "$A/log-done" ] || [ $tries -ge 100 ]; do
      nap 0.02
      tries=$((tries + 1))
    done
    signal=
    [ $code -gt 128 ] && [ $code -le 192 ] && signal=$((code - 128))
    record_exit $code "$signal"
  } 2>&1 | keep_log
}

leave_nothing_behind() {
  remaining=$(members_twice)
  [ -n "$remaining" ] || return 0
  if first_line "$A/stop"; then
    # Whoever stops the job has asked already; a shell may die before the child that saves.
    end_processes "$((${LINE%% *} + 1))" quiet
    return 0
  fi
  count=0
  for pid in $remaining; do count=$((count + 1)); done
  printf 'sublet: the command has ended; %s left-over process(es) are being stopped.\n' "$count" >&3
  end_processes 5
}

# Unbuffered from the pipe to the file. The sampler ends the copying at the cap.
keep_log() {
  exec 4<&0
  while :; do
    cat <&4 >>"$A/log" 2>/dev/null &
    put "$A/logger" "$!"
    wait $! && break
    if [ -e "$A/log-capped" ]; then
      printf '\nsublet: the log has reached its limit of %s bytes and ends here; the job goes on.\n' "$LOG_CAP" >>"$A/log"
      cat <&4 >/dev/null
      break
    fi
    # A full disk must not end the job: try again, at the price of some lines.
    nap 1
  done
  printf '' >"$A/log-done"
}
LOG_CAP=${SUBLET_LOG_CAP:-2147483648}

# Becomes the user's run script: same process, session leader, marked environment.
cmd_job() {
  attempt "$1"
  umask "$CALLER_UMASK"
  export PYTHONUNBUFFERED=1
  if first_line "$A/gpus"; then
    [ "$LINE" = none ] && LINE=
    # PCI order is nvidia-smi's order; CUDA's own default is fastest first.
    export CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES="$LINE"
    have rocm-smi && export HIP_VISIBLE_DEVICES="$LINE"
  fi
  run_with=$(command -v sh)
  have stdbuf && run_with="$(command -v stdbuf) -oL -eL $run_with"
  run_file=$A/run
  for name in ${SUBLET_ENV_NAMES:-}; do
    eval "$name=\$SUBLET_ENV_$name; export $name; unset SUBLET_ENV_$name"
  done
  unset SUBLET_ENV_NAMES SUBLET_UMASK SUBLET_SH SUBLET_ROOT SUBLET_PROC SUBLET_TICK_S SUBLET_LOG_CAP SUBLET_WITHOUT
  IFS=' '
  # shellcheck disable=SC2086
  exec $run_with "$run_file"
}

cmd_status() {
  attempt "$1"
  state=absent code='' signal='' phase='' startedS='' endedS='' main=''
  if [ -f "$A/exit" ]; then
    state=exited
    while IFS='=' read -r key value; do
      case $key in
        code) is_number "$value" && code=$value ;;
        signal) is_number "$value" && signal=$value ;;
        startedS) is_number "$value" && startedS=$value ;;
        endedS) is_number "$value" && endedS=$value ;;
        phase) [ "$value" = setup ] && phase=setup || phase=running ;;
      esac
    done <"$A/exit"
  elif [ -e "$A/runner" ]; then
    first_line "$A/started" && is_number "$LINE" && startedS=$LINE
    first_line "$A/phase" || LINE=running
    [ "$LINE" = setup ] && phase=setup || phase=running
    if alive "$A/main"; then
      main=$PID
      state=$phase
    elif alive "$A/runner"; then
      state=$phase
    elif [ -f "$A/exit" ]; then
      # It ended between two looks.
      cmd_status "$1"
      return
    else
      state=lost
    fi
  elif [ -f "$A/run" ]; then
    state=prepared
  fi
  size_of "$A/log" && logBytes=$SIZE
  size_of "$A/metrics" && metricsBytes=$SIZE
  printf '%s\n' "state=$state" "phase=$phase" "exitCode=$code" "signal=$signal" "logBytes=$logBytes" \
    "metricsBytes=$metricsBytes" "startedS=$startedS" "endedS=$endedS" "mainPid=$main" \
    "collected=$([ -e "$A/collected" ] && echo yes || echo no)" "nowS=$(date +%s)"
}

# Raw bytes of a file from an offset. With "follow" until the job has ended and all bytes are out,
# or until standard input ends, which is how a vanished client shows.
cmd_stream() {
  attempt "$2"
  [ -d "$A" ] || die 66 "no attempt $2"
  decimal "$3" || die 64 "not an offset: $3"
  offset=$NUMBER
  file=$A/$1
  if [ "${4:-}" != follow ]; then
    [ -f "$file" ] && tail -c +$((offset + 1)) "$file"
    return 0
  fi
  exec 3<&0
  cat <&3 >/dev/null 2>&1 &
  tie=$!
  trap 'kill $tie 2>/dev/null' EXIT
  trap 'exit 0' TERM PIPE
  pause=0.1 quiet=0
  while :; do
    ended=no
    if [ -e "$A/exit" ]; then
      ended=yes
    elif [ -e "$A/runner" ] && ! alive "$A/runner" && ! alive "$A/main" && [ ! -e "$A/exit" ]; then
      ended=yes
    fi
    size_of "$file"
    if [ "$SIZE" -gt "$offset" ]; then
      tail -c +$((offset + 1)) "$file" 2>/dev/null | head -c $((SIZE - offset)) || return 0
      offset=$SIZE pause=0.1 quiet=0
    elif [ $ended = yes ]; then
      return 0
    else
      start_of $tie || return 0
      quiet=$((quiet + 1))
      [ $quiet -gt 50 ] && pause=0.5
      nap $pause
    fi
  done
}

cmd_stop() {
  attempt "$1"
  decimal "${2:-10}" || die 64 "not seconds: $2"
  grace=$NUMBER
  if [ ! -d "$A" ] || [ -e "$A/exit" ]; then
    # The end of the main process is recorded after its left-overs ended, so this is cheap.
    LEFT=0
    if [ -d "$A" ]; then end_processes 0; fi
    printf 'left=%s\n' $LEFT
    [ $LEFT -eq 0 ]
    return
  fi
  put "$A/stop" "$grace"
  how=quiet
  mkdir "$A/stopping" 2>/dev/null && how=ask
  end_processes "$grace" $how
  tries=0
  while [ ! -e "$A/exit" ] && alive "$A/runner" && [ $tries -lt 100 ]; do
    nap 0.05
    tries=$((tries + 1))
  done
  [ -n "$(members)" ] && end_processes 0
  # The runner is gone too (out of memory, a reboot): the end is still known.
  [ -e "$A/main" ] && [ ! -e "$A/exit" ] && record_exit 137 9
  printf 'left=%s\n' $LEFT
  [ $LEFT -eq 0 ]
}

cmd_checkpoint() {
  attempt "$1"
  case $2 in
    HUP) number=1 ;; INT) number=2 ;; USR1) number=10 ;; USR2) number=12 ;; TERM) number=15 ;;
    *) die 64 "not a checkpoint signal: $2" ;;
  esac
  sent=no
  if alive "$A/main"; then
    target=$PID
    caught=0
    while read -r key mask; do
      [ "$key" = SigCgt: ] && caught=$(((0x${mask#????????} >> (number - 1)) & 1))
    done 2>/dev/null <"$PROC/$target/status"
    if [ "$caught" = 1 ] || [ "${3:-}" = force ]; then
      kill -s "$2" "$target" 2>/dev/null && sent=yes
    fi
  fi
  printf 'sent=%s\n' $sent
}

cmd_collected() {
  attempt "$1"
  [ -d "$A" ] || die 66 "no attempt $1"
  printf '' >"$A/collected" || die 73 "cannot write in $A"
  echo collected=yes
}

# ---- metrics ----------------------------------------------------------------------------------

# "index, util, used MiB, total MiB, W, C" lines; $1 is "once" or "loop", $2 how to loop.
gpu_lines() {
  if have nvidia-smi; then
    # shellcheck disable=SC2086  # an absent option must vanish
    set -- "$1" ${2:-} --query-gpu=index,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu \
      --format=csv,noheader,nounits
    [ "$1" = loop ] && [ "$2" = -lms ] && set -- "$1" -lms 1000 "$3" "$4"
    [ "$1" = loop ] && [ "$2" = -l ] && set -- "$1" -l 1 "$3" "$4"
    shift
    first_line "$A/gpus" && [ "$LINE" != none ] && set -- "$@" -i "$LINE"
    # To a pipe it may write in blocks, which would be minutes late.
    have stdbuf && exec stdbuf -oL nvidia-smi "$@" 2>/dev/null
    exec nvidia-smi "$@" 2>/dev/null
  fi
  while have rocm-smi; do
    rocm-smi --showuse --showmeminfo vram --showpower --showtemp --csv 2>/dev/null | awk -F, '
      /^device/ { for (i = 2; i <= NF; i++) {
          if ($i ~ /GPU use/) u = i; else if ($i ~ /VRAM Total Used/) m = i; else if ($i ~ /VRAM Total Memory/) t = i
          else if ($i ~ /Power/ && !w) w = i; else if ($i ~ /Temperature/ && !c) c = i } next }
      /^card/ { print substr($1, 5) ", " $u ", " int($m / 1048576) ", " int($t / 1048576) ", " $w ", " $c }'
    [ "$1" = once ] && break
    nap 1
  done
}

number_or_dash() {
  VALUE=${1# }
  case $VALUE in '' | *[!0-9.]* | ??????????????*) VALUE=- ;; esac
}

# SIZE is the log's size. The copying process's own position tells it without starting a process.
log_size() {
  SIZE=0
  [ -s "$A/log" ] || return 0
  if [ ! -e "$A/log-capped" ] && first_line "$A/logger" &&
    { read -r key value <"$PROC/$LINE/fdinfo/1"; } 2>/dev/null &&
    [ "$key" = pos: ] && is_number "$value" && [ "$value" -gt 0 ]; then
    SIZE=$value
  else
    size_of "$A/log"
  fi
}

# One line: time cpu% memUsedMiB memTotalMiB diskUsedMiB diskTotalMiB rxBytes txBytes
# io=readBytes:writtenBytes log=bytes [index:util:used:total:W:C]…
sample() {
  if [ $((count % 60)) -eq 0 ]; then
    clocks
    epoch_of_boot=$((WALL - MONO))
  fi
  if [ $((count % 30)) -eq 0 ]; then
    # shellcheck disable=SC2046
    set -- "$1" $(df -Pk "$A" 2>/dev/null | awk 'NR == 2 { print int($3 / 1024), int($2 / 1024) }')
    disk="${2:--} ${3:--}"
  fi
  log_size
  if [ "$SIZE" -gt "$LOG_CAP" ] && [ ! -e "$A/log-capped" ] && first_line "$A/logger"; then
    printf '' >"$A/log-capped"
    kill "$LINE" 2>/dev/null
  fi
  count=$((count + 1))
  cpu=- memory='- -' net='- -' io=-:-
  if { read -r MONO _ <"$PROC/uptime"; } 2>/dev/null; then now=$((epoch_of_boot + ${MONO%%.*})); else now=$(date +%s); fi
  if { read -r _ c1 c2 c3 c4 c5 c6 c7 c8 _ <"$PROC/stat"; } 2>/dev/null; then
    total=$((c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8))
    idle=$((c4 + c5))
    [ $total -gt $last_total ] && [ $last_total -gt 0 ] &&
      cpu=$((100 - 100 * (idle - last_idle) / (total - last_total)))
    last_total=$total last_idle=$idle
  fi
  if [ -r "$PROC/meminfo" ]; then
    total=0 available=0
    while read -r key value _; do
      case $key in MemTotal:) total=$value ;; MemAvailable:) available=$value && break ;; esac
    done <"$PROC/meminfo"
    memory="$(((total - available) / 1024)) $((total / 1024))"
  fi
  network && net="$RX $TX"
  disks && io="$((SECTORS_READ * 512)):$((SECTORS_WRITTEN * 512))"
  printf '%s %s %s %s %s io=%s log=%s%s\n' "$now" "$cpu" "$memory" "$disk" "$net" "$io" "$SIZE" "$1" >>"$A/metrics"
}

# Sectors of 512 bytes that whole disks have read and written; fails where none is shown.
disks() {
  SECTORS_READ=0 SECTORS_WRITTEN=0 seen_disk=no
  [ -r "$PROC/diskstats" ] || return 1
  while read -r _ _ name _ _ read_sectors _ _ _ written_sectors _; do
    case $name in
      sd[a-z] | vd[a-z] | xvd[a-z] | nvme[0-9]n[0-9] | nvme[0-9][0-9]n[0-9] | mmcblk[0-9])
        seen_disk=yes
        SECTORS_READ=$((SECTORS_READ + read_sectors)) SECTORS_WRITTEN=$((SECTORS_WRITTEN + written_sectors)) ;;
    esac
  done <"$PROC/diskstats"
  [ $seen_disk = yes ]
}

network() {
  RX=0 TX=0
  [ -r "$PROC/net/dev" ] || return 1
  while read -r name rx _ _ _ _ _ _ _ tx _; do
    case $name in lo: | *'|'* | Inter-*) ;; *:) RX=$((RX + rx)) TX=$((TX + tx)) ;; esac
  done <"$PROC/net/dev"
}

cmd_sampler() {
  attempt "$1"
  count=0 last_total=0 last_idle=0 disk='- -' epoch_of_boot=0
  mode=-lms
  gpus=$((0 + $(gpu_lines once | grep -c '^ *[0-9]')))
  # A baseline, so that the first line has a CPU figure.
  { read -r _ c1 c2 c3 c4 c5 c6 c7 c8 _ <"$PROC/stat"; } 2>/dev/null &&
    last_total=$((c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8)) && last_idle=$((c4 + c5))
  while alive "$A/main"; do
    if [ $gpus -gt 0 ]; then
      size_of "$A/metrics"
      before=$SIZE
      gpu_lines loop $mode | {
        seen=0 line=
        while IFS=, read -r index util used total watts celsius; do
          is_number "${index# }" || continue
          line="$line ${index# }"
          for value in "$util" "$used" "$total" "$watts" "$celsius"; do
            number_or_dash "$value"
            line="$line:$VALUE"
          done
          seen=$((seen + 1))
          [ $seen -lt $gpus ] && continue
          sample "$line"
          seen=0 line=
          alive "$A/main" || break
        done
      }
      size_of "$A/metrics"
      if [ "$SIZE" = "$before" ]; then
        # Nothing came: an old or reduced nvidia-smi. In the end the processor alone is shown.
        if [ $mode = -lms ]; then mode=-l; else gpus=0; fi
      fi
      nap 1
    else
      sample ''
      nap 1
    fi
  done
}

# ---- the lease --------------------------------------------------------------------------------

lease_load() {
  if [ -f "$R/lease" ]; then lease_parse <"$R/lease"; else lease_parse </dev/null; fi
}

lease_parse() {
  L_endMono='' L_endWall='' L_boot='' L_afterExitS=7200 L_idleS=0 L_graceS=30 L_busyKiBps=64 L_behindS=0 L_set=''
  while IFS='=' read -r key value; do
    case $key in
      boot) L_boot=$value ;;
      set) L_set=$value ;;
      endMono | endWall | afterExitS | idleS | graceS | busyKiBps | behindS)
        decimal "$value" && eval "L_$key=\$NUMBER" ;;
    esac
  done
  [ -n "$L_endMono" ] && [ -n "$L_endWall" ]
}

lease_text() {
  TEXT="endMono=$L_endMono
endWall=$L_endWall
boot=$L_boot
afterExitS=$L_afterExitS
idleS=$L_idleS
graceS=$L_graceS
busyKiBps=$L_busyKiBps
behindS=$L_behindS
set=$L_set"
}

lease_save() {
  lease_text
  put "$R/lease" "$TEXT"
}

# REMAINING: seconds to the hard end by the stricter clock. After a reboot only the wall clock counts.
remaining() {
  clocks
  REMAINING=$((L_endWall - WALL))
  [ "$L_boot" = "$BOOT" ] && [ $((L_endMono - MONO)) -lt $REMAINING ] && REMAINING=$((L_endMono - MONO))
  return 0
}

cmd_lease_set() {
  rental "$1"
  shift
  mkdir -p "$R" "$ROOT/attempts" || die 73 "cannot write in $ROOT"
  known=no before=none
  lease_load && known=yes before=supervisor
  [ "$L_set" = first ] && before=user-data
  clocks
  for pair in "$@"; do
    key=${pair%%=*}
    decimal "${pair#*=}" || die 64 "not a number: $pair"
    case $key in
      endsInS)
        L_endMono=$((MONO + NUMBER)) L_endWall=$((WALL + NUMBER)) L_boot=$BOOT L_behindS=0 known=yes ;;
      afterExitS | idleS | graceS | busyKiBps) eval "L_$key=\$NUMBER" ;;
      nowS) [ "$NUMBER" -gt $((WALL + 5)) ] && L_behindS=$((NUMBER - WALL)) ;;
      *) die 64 "not a key of a lease: $key" ;;
    esac
  done
  [ $known = yes ] || die 64 'a new lease needs endsInS'
  L_set="$WALL.$MONO.$$"
  rm -f "$R/ended"
  lease_save || die 73 "cannot write in $R"
  start_watchdog
  cmd_lease_read "$RENTAL"
  echo "before=$before"
}

cmd_lease_read() {
  rental "$1"
  lease_load || die 66 "no lease for $1"
  remaining
  watchdog=no
  alive "$R/watchdog" && watchdog=yes
  first_line "$R/ended" || LINE=
  case $LINE in end | after-exit | idle) ;; *) LINE= ;; esac
  printf '%s\n' "remainingS=$REMAINING" "afterExitS=$L_afterExitS" "idleS=$L_idleS" "graceS=$L_graceS" \
    "watchdog=$watchdog" "watchdogPid=$PID" "hook=$([ -s "$R/self-terminate" ] && echo yes || echo no)" \
    "ended=$LINE" "nowS=$WALL"
}

cmd_hook() {
  rental "$1"
  mkdir -p "$R" || die 73 "cannot write in $ROOT"
  { cat >"$R/hook.new" && chmod 700 "$R/hook.new" && mv -f "$R/hook.new" "$R/self-terminate"; } ||
    die 73 "cannot write in $R"
  echo hook=yes
}

start_watchdog() {
  if alive "$R/watchdog"; then
    { read -r _ _ _ script <"$R/watchdog"; } 2>/dev/null
    [ "$script" = "$SELF" ] && return 0
  fi
  # shellcheck disable=SC2086
  in_session $SH "$SELF" __watchdog "$RENTAL" </dev/null >/dev/null 2>&1 &
  tries=0
  until { read -r _ _ _ script <"$R/watchdog"; } 2>/dev/null && [ "$script" = "$SELF" ] && alive "$R/watchdog"; do
    [ $tries -ge 60 ] && break
    nap 0.05
    tries=$((tries + 1))
  done
}

# RUNNING, PREPARED and ENDED count the rental's attempts; RUNNING_IDS names them. Builtins only.
census() {
  RUNNING=0 PREPARED=0 ENDED=0 COLLECTED=0 RUNNING_IDS=
  for A in "$ROOT"/attempts/*; do
    first_line "$A/rental"
    [ "$LINE" = "$RENTAL" ] || continue
    [ -e "$A/collected" ] && COLLECTED=$((COLLECTED + 1))
    if [ -e "$A/exit" ]; then
      ENDED=$((ENDED + 1))
    elif [ ! -e "$A/runner" ]; then
      PREPARED=$((PREPARED + 1))
    elif alive "$A/runner" || alive "$A/main"; then
      RUNNING=$((RUNNING + 1)) RUNNING_IDS="$RUNNING_IDS ${A##*/}"
    else
      ENDED=$((ENDED + 1))
    fi
  done
}

# BUSY=yes when disks and network moved more than the lease's floor since the last call; SENDING=yes
# when so much was sent, as it is while somebody fetches a result.
traffic() {
  kib=0 sent_kib=0
  network && kib=$(((RX + TX) / 1024)) sent_kib=$((TX / 1024))
  disks && kib=$((kib + (SECTORS_READ + SECTORS_WRITTEN) / 2))
  BUSY=no SENDING=no
  elapsed=$((MONO - traffic_at))
  [ $elapsed -gt 0 ] || elapsed=1
  [ $((kib - traffic_kib)) -gt $((L_busyKiBps * elapsed)) ] && BUSY=yes
  [ $((sent_kib - traffic_sent_kib)) -gt $((L_busyKiBps * elapsed)) ] && SENDING=yes
  traffic_kib=$kib traffic_sent_kib=$sent_kib traffic_at=$MONO
}

gpu_works() {
  limit=
  have timeout && limit='timeout 10'
  have nvidia-smi || return 1
  for value in $($limit nvidia-smi --query-gpu=utilization.gpu --format=csv,noheader,nounits 2>/dev/null); do
    is_number "$value" && [ "$value" -gt 5 ] && return 0
  done
  return 1
}

# Repeated at every turn until the machine is gone. A hook that hangs is replaced after a minute.
terminate() {
  [ -e "$R/ended" ] || put "$R/ended" "$1"
  [ -n "$HOOK" ] || return 0
  if [ -n "$hook_pid" ] && start_of "$hook_pid" && [ $((MONO - hook_at)) -lt 60 ]; then return 0; fi
  [ -n "$hook_pid" ] && kill -s KILL "$hook_pid" 2>/dev/null
  # A full or lost disk must not keep the machine alive.
  sink=/dev/null
  { tail -c 8192 "$R/hook.log" >"$R/hook.log.new" && mv -f "$R/hook.log.new" "$R/hook.log"; } 2>/dev/null
  { printf '' >>"$R/hook.log"; } 2>/dev/null && sink=$R/hook.log
  export SUBLET_RENTAL_ID="$RENTAL" SUBLET_END_REASON="$1"
  if [ -s "$R/self-terminate" ]; then
    in_session sh "$R/self-terminate" </dev/null >>"$sink" 2>&1 &
  else
    # By standard input, so that what it holds shows in no argument list.
    printf '%s\n' "$HOOK" | in_session sh >>"$sink" 2>&1 &
  fi
  hook_pid=$! hook_at=$MONO
}

# What was read last still holds when the files are gone or garbage: a job may remove them.
recall() {
  if lease_load; then
    lease_text
    LEASE=$TEXT
  elif [ -n "$LEASE" ]; then
    lease_parse <<LEASE_END
$LEASE
LEASE_END
  else
    return 1
  fi
  if [ -s "$R/self-terminate" ]; then
    hook_text=
    while IFS= read -r hook_line || [ -n "$hook_line" ]; do
      hook_text="$hook_text$hook_line
"
    done <"$R/self-terminate"
    HOOK=$hook_text
  fi
  return 0
}

cmd_watchdog() {
  rental "$1"
  trap '' HUP INT
  { echo -500 >"$PROC/self/oom_score_adj"; } 2>/dev/null
  tick=${SUBLET_TICK_S:-5}
  identity $$ || IDENTITY="$$ - $BOOT"
  put "$R/watchdog" "$IDENTITY $SELF" || exit 73
  clocks
  last_wall=$WALL last_mono=$MONO held_since=$MONO active_at=$MONO signature=
  hook_pid='' hook_at=0 stopping=no asked=no LEASE='' HOOK='' traffic_kib=0 traffic_sent_kib=0 traffic_at=$MONO L_busyKiBps=64
  traffic
  while :; do
    # Replaced by another watchdog. (A sweep ends this one; a vanished file does not.)
    { read -r pid _ <"$R/watchdog"; } 2>/dev/null && [ "$pid" != $$ ] && exit 0
    pause=$tick
    if recall; then
      clocks
      follow_clock
      remaining
      census
      traffic
      watch
      sooner $((REMAINING - L_graceS))
      sooner "$REMAINING"
    fi
    nap "$pause"
  done
}

# Looks at the very second at which the grace or the end begins.
sooner() {
  if is_number "$pause" && [ "$1" -gt 0 ] && [ "$1" -lt "$pause" ]; then pause=$1; fi
}

# A clock that was behind the client's when the lease was set may be put right without ending the
# lease early; any other jump forward counts as time, and a jump back is caught by MONO.
follow_clock() {
  jump=$((WALL - last_wall - (MONO - last_mono)))
  if [ $jump -gt 5 ] && [ "$L_behindS" -gt 0 ]; then
    [ $jump -gt "$L_behindS" ] && jump=$L_behindS
    L_endWall=$((L_endWall + jump)) L_behindS=$((L_behindS - jump))
    lease_save
  fi
  last_wall=$WALL last_mono=$MONO
}

# To a job that declares a signal, or catches the usual one.
ask_checkpoint() {
  if first_line "$ROOT/attempts/$1/checkpoint" && [ -n "$LINE" ]; then
    $SH "$SELF" checkpoint "$1" "$LINE" force >/dev/null 2>&1
  else
    $SH "$SELF" checkpoint "$1" USR1 >/dev/null 2>&1
  fi
}

watch() {
  now_signature="$RUNNING.$PREPARED.$ENDED.$COLLECTED.$L_set"
  if [ "$now_signature" != "$signature" ]; then
    signature=$now_signature held_since=$MONO active_at=$MONO
    [ -e "$R/ended" ] || stopping=no asked=no
  fi
  # Before TERM: what a job writes down then can still be fetched, or mirrored.
  if [ "$REMAINING" -le $((L_graceS + CHECKPOINT_LEAD_S)) ] && [ $RUNNING -gt 0 ] && [ $asked = no ]; then
    asked=yes
    for id in $RUNNING_IDS; do ask_checkpoint "$id"; done
  fi
  if [ "$REMAINING" -le "$L_graceS" ] && [ $RUNNING -gt 0 ] && [ $stopping = no ]; then
    stopping=yes
    first_grace=$((REMAINING > 1 ? REMAINING - 1 : 1))
    # shellcheck disable=SC2086
    for id in $RUNNING_IDS; do $SH "$SELF" stop "$id" $first_grace >/dev/null 2>&1 & done
  fi
  if [ "$REMAINING" -le 0 ]; then
    terminate end
    # Without a hook the processes are all that can be ended here; a late start ends as well.
    # shellcheck disable=SC2086
    for id in $RUNNING_IDS; do [ "$REMAINING" -lt -5 ] && $SH "$SELF" stop "$id" 0 >/dev/null 2>&1; done
    # On a machine of the user's own there is nothing else to end.
    [ -z "$HOOK" ] && [ "$REMAINING" -lt -60 ] && [ $RUNNING -eq 0 ] && exit 0
    return 0
  fi
  if [ $RUNNING -gt 0 ]; then
    active_at=$MONO
    return 0
  fi
  # A result is being fetched while much is sent: only the hard end outranks it.
  if [ $ENDED -gt 0 ] && [ $PREPARED -eq 0 ] && [ $((MONO - held_since)) -ge "$L_afterExitS" ] && [ $SENDING = no ]; then
    terminate after-exit
    return 0
  fi
  [ "$L_idleS" -gt 0 ] || return 0
  if [ $BUSY = yes ]; then
    active_at=$MONO
  elif [ $((MONO - active_at)) -ge "$L_idleS" ]; then
    if gpu_works; then active_at=$MONO; else terminate idle; fi
  fi
}

cmd_sweep() {
  rental "$1"
  worst=0
  for folder in "$ROOT"/attempts/*; do
    first_line "$folder/rental"
    [ "$LINE" = "$RENTAL" ] || continue
    attempt "${folder##*/}"
    if [ ! -e "$A/exit" ]; then put "$A/stop" 5; mkdir "$A/stopping" 2>/dev/null; fi
    end_processes 5 || worst=1
    container rm -f
    tries=0
    while alive "$A/runner" && [ $tries -lt 60 ]; do
      nap 0.05
      tries=$((tries + 1))
    done
    rm -rf "$A" 2>/dev/null || { chmod -R u+rwX "$A" && rm -rf "$A"; } 2>/dev/null
    [ -e "$A" ] && worst=1
  done
  if alive "$R/watchdog"; then kill -s KILL "$PID" 2>/dev/null; fi
  rm -rf "$R" 2>/dev/null
  printf 'swept=%s\n' "$([ $worst = 0 ] && echo yes || echo no)"
  return $worst
}

verb=${1:-}
[ $# -gt 0 ] && shift
need() { [ "$1" -ge "$2" ] || die 64 "$verb needs more arguments"; }
case $verb in
  lease-set) need $# 1 && cmd_lease_set "$@" ;;
  lease-read) need $# 1 && cmd_lease_read "$@" ;;
  extend) need $# 2 && cmd_lease_set "$1" "endsInS=$2" ;;
  hook) need $# 1 && cmd_hook "$@" ;;
  prepare) need $# 2 && cmd_prepare "$@" ;;
  start) need $# 1 && cmd_start "$@" ;;
  status) need $# 1 && cmd_status "$@" ;;
  log | metrics) need $# 2 && cmd_stream "$verb" "$@" ;;
  stop) need $# 1 && cmd_stop "$@" ;;
  checkpoint) need $# 2 && cmd_checkpoint "$@" ;;
  collected) need $# 1 && cmd_collected "$@" ;;
  sweep) need $# 1 && cmd_sweep "$@" ;;
  __runner) cmd_runner "$@" ;;
  __job) cmd_job "$@" ;;
  __sampler) cmd_sampler "$@" ;;
  __watchdog) cmd_watchdog "$@" ;;
  *) die 64 "unknown verb: $verb" ;;
esac
