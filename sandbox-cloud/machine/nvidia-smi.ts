/**
 * The simulated `nvidia-smi`: POSIX sh, builtins only in its loop, reading figures that the cloud
 * refreshes once a second while somebody asks. `sys` is the quoted folder of those figures.
 */
export function nvidiaSmiScript(sys: string): string {
  return `#!/bin/sh
# Simulated: the figures follow the processor time of this machine's processes.
sys=${sys}
mode=table fields='' noheader='' nounits='' every='' select=''
fail() { printf '%s\\n' "$*"; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    -L | --list-gpus) mode=list ;;
    --query-gpu=*) mode=gpu fields=\${1#*=} ;;
    --query-compute-apps=* | --query-apps=*) mode=apps fields=\${1#*=} ;;
    --format=*)
      case ,\${1#*=}, in *,csv,*) ;; *) fail 'Only --format=csv is simulated.' ;; esac
      case ,\${1#*=}, in *,noheader,*) noheader=1 ;; esac
      case ,\${1#*=}, in *,nounits,*) nounits=1 ;; esac ;;
    -l | --loop)
      case \${2-} in '' | *[!0-9]*) every=5 ;; *) every=$2; shift ;; esac ;;
    -l[0-9]*) every=\${1#-l} ;;
    --loop=*) every=\${1#*=} ;;
    -lms) every=ms$2; shift ;;
    --loop-ms=*) every=ms\${1#*=} ;;
    -i | --id) select=$2; shift ;;
    -i=* | --id=*) select=\${1#*=} ;;
    --version) echo 'NVIDIA-SMI version  : 580.95.05 (simulated)'; exit 0 ;;
    -h | --help) echo 'Simulated nvidia-smi: -L, --query-gpu=, --query-compute-apps=, --format=csv[,noheader][,nounits], -i, -l, -lms'; exit 0 ;;
    *) fail "Invalid combination of input arguments: $1 is not simulated." ;;
  esac
  shift
done
case $every in
  ms*) every=\${every#ms}; every=$((every / 1000)).$(printf '%03d' $((every % 1000))) ;;
esac

# Sets V to the field's value and U to its unit, from the variables of one GPU.
field() {
  U=
  case $1 in
    index | gpu_index) V=$index ;;
    count) V=$count ;;
    name | gpu_name) V=$name ;;
    uuid | gpu_uuid) V=$uuid ;;
    driver_version) V=$driver ;;
    compute_cap) V=$cap ;;
    pci.bus_id | gpu_bus_id) V=$bus ;;
    memory.total) V=$total U=MiB ;;
    memory.used) V=$used U=MiB ;;
    memory.free) V=$((total - used)) U=MiB ;;
    memory.reserved) V=0 U=MiB ;;
    utilization.gpu) V=$util U=% ;;
    utilization.memory) V=$memutil U=% ;;
    temperature.gpu) V=$temp ;;
    power.draw | power.draw.average | power.draw.instant) V=$watts U=W ;;
    power.limit | enforced.power.limit | power.max_limit | power.default_limit) V=$limit U=W ;;
    clocks.current.sm | clocks.sm | clocks.gr | clocks.current.graphics) V=$clock U=MHz ;;
    clocks.current.memory | clocks.mem) V=1593 U=MHz ;;
    clocks.max.sm | clocks.max.graphics) V=$maxclock U=MHz ;;
    pcie.link.gen.current | pcie.link.gen.max) V=4 ;;
    pcie.link.width.current | pcie.link.width.max) V=16 ;;
    pstate) V=P0 ;;
    persistence_mode) V=Enabled ;;
    compute_mode) V=Default ;;
    mig.mode.current) V=Disabled ;;
    timestamp) V=$(date '+%Y/%m/%d %H:%M:%S.000') ;;
    fan.speed | ecc.mode.current | ecc.errors.uncorrected.volatile.total | temperature.memory | serial | clocks_throttle_reasons.active | display_active | display_mode) V='[N/A]' ;;
    *) return 1 ;;
  esac
}
unit_of() { index=0 count=0 name='' uuid='' driver='' cap='' bus='' total=0 used=0 util=0 memutil=0 temp=0 watts=0 limit=0 clock=0 maxclock=0; field "$1"; }
count=0
while read -r _; do count=$((count + 1)); done < "$sys/gpus"
gpus=$count

# Calls $1 once for every selected GPU with its variables set.
each_gpu() {
  while IFS='|' read -r index name uuid total limit cap driver bus maxclock <&3 &&
    IFS='|' read -r util memutil used temp watts clock <&4; do
    count=$gpus
    case ,$select, in ,, | *,$index,* | *,$uuid,*) "$1" ;; esac
  done 3< "$sys/gpus" 4< "$sys/load"
}
row() {
  out=
  old=$IFS IFS=,
  for f in $fields; do
    IFS=$old
    field "\${f# }"
    [ -n "$nounits" ] || [ -z "$U" ] || V="$V $U"
    out="$out\${out:+, }$V"
  done
  IFS=$old
  printf '%s\\n' "$out"
}
list_row() { printf 'GPU %s: %s (UUID: %s) (simulated)\\n' "$index" "$name" "$uuid"; }
table_row() {
  printf '| %3s  %-31.31s  | %s  |                  0 |\\n' "$index" "$name" "$bus"
  printf '| N/A %3sC    P0  %7sW / %7sW | %7sMiB / %7sMiB |  %5s%%      Default |\\n' "$temp" "\${watts%.*}" "\${limit%.*}" "$used" "$total" "$util"
}
rule='+-----------------------------------------+------------------------+----------------------+'
show_table() {
  date
  printf '%s\\n' "$rule" '| NVIDIA-SMI 580.95.05 (simulated)   Driver Version: 580.95.05       CUDA Version: 13.0     |' "$rule"
  printf '%s\\n' '| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |' '| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |' "$rule"
  each_gpu table_row
  printf '%s\\n' "$rule"
}
app_rows() {
  [ -f "$sys/apps" ] || return 0
  IFS='|' read -r index name gpuuuid rest < "$sys/gpus"
  while IFS='|' read -r pid process mib; do
    out=
    old=$IFS IFS=,
    for f in $fields; do
      IFS=$old U=
      case \${f# } in
        pid) V=$pid ;;
        process_name | name) V=$process ;;
        used_memory | used_gpu_memory) V=$mib U=' MiB' ;;
        gpu_uuid) V=$gpuuuid ;;
        gpu_name) V=$name ;;
        gpu_bus_id | timestamp | gpu_serial) V='[N/A]' ;;
        *) fail "Field \\"$f\\" is not a valid field to query." ;;
      esac
      [ -n "$nounits" ] && U=
      out="$out\${out:+, }$V$U"
    done
    IFS=$old
    printf '%s\\n' "$out"
  done < "$sys/apps"
}
header() {
  out=
  old=$IFS IFS=,
  for f in $fields; do
    IFS=$old
    f=\${f# }
    if [ "$mode" = gpu ]; then
      unit_of "$f" || fail "Field \\"$f\\" is not a valid field to query."
    else
      case $f in used_memory | used_gpu_memory) U=MiB ;; *) U= ;; esac
    fi
    out="$out\${out:+, }$f\${U:+ [$U]}"
  done
  IFS=$old
  [ -n "$noheader" ] || printf '%s\\n' "$out"
}
case $mode in gpu | apps) header ;; esac
while :; do
  : > "$sys/asked"
  case $mode in
    list) each_gpu list_row ;;
    gpu) each_gpu row ;;
    apps) app_rows ;;
    table) show_table ;;
  esac
  [ -n "$every" ] || break
  sleep "$every" || exit 1
done
`
}
