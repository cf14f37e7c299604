/**
 * The simulated `rocm-smi` of AMD machines: its CSV form, from the same figures as `nvidia-smi`.
 * `sys` is the quoted folder of those figures.
 */
export function rocmSmiScript(sys: string): string {
  return `#!/bin/sh
# Simulated: the figures follow the processor time of this machine's processes.
sys=${sys}
show='' csv=''
while [ $# -gt 0 ]; do
  case $1 in
    --csv) csv=1 ;;
    --showtemp | -t) show="$show temp" ;;
    --showpower | -P) show="$show power" ;;
    --showuse | -u) show="$show use" ;;
    --showproductname | -i) show="$show name" ;;
    --showmeminfo)
      [ "\${2-}" = vram ] || { echo 'rocm-smi: only --showmeminfo vram is simulated.' >&2; exit 2; }
      show="$show vram"
      shift ;;
    *) echo "rocm-smi: $1 is not simulated." >&2; exit 2 ;;
  esac
  shift
done
: > "$sys/asked"
[ -n "$show" ] || show='temp power use vram'
[ -n "$csv" ] || echo '====== ROCm System Management Interface (simulated) ======'
heads=device
for part in $show; do
  case $part in
    temp) heads="$heads,Temperature (Sensor junction) (C)" ;;
    power) heads="$heads,Current Socket Graphics Package Power (W)" ;;
    use) heads="$heads,GPU use (%)" ;;
    vram) heads="$heads,VRAM Total Memory (B),VRAM Total Used Memory (B)" ;;
    name) heads="$heads,Card Series,Card Vendor" ;;
  esac
done
printf '%s\\n' "$heads"
while IFS='|' read -r index name _ total _ <&3 && IFS='|' read -r util _ used temp watts _ <&4; do
  line=card$index
  for part in $show; do
    case $part in
      temp) line="$line,$temp.0" ;;
      power) line="$line,$watts" ;;
      use) line="$line,$util" ;;
      vram) line="$line,$((total * 1048576)),$((used * 1048576))" ;;
      name) line="$line,$name,Advanced Micro Devices (simulated)" ;;
    esac
  done
  printf '%s\\n' "$line"
done 3< "$sys/gpus" 4< "$sys/load"
`
}
