/**
 * One sh script for one exec: `key=value` lines, a `gpu=` line per GPU. It imports nothing heavy,
 * changes nothing, and gives up on a hanging driver.
 */
export const probeScript = String.raw`
PATH=$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/nvidia/bin:/usr/lib/wsl/lib:/opt/rocm/bin:$HOME/.local/bin:$HOME/.sublet/bin
limit=
command -v timeout >/dev/null 2>&1 && limit='timeout 20'
echo "os=$(uname -s)"
echo "arch=$(uname -m)"
if command -v nvidia-smi >/dev/null 2>&1; then
  fields=index,name,memory.total,driver_version
  list=$($limit nvidia-smi --query-gpu=$fields,compute_cap --format=csv,noheader,nounits 2>/dev/null) ||
    list=$($limit nvidia-smi --query-gpu=$fields --format=csv,noheader,nounits 2>/dev/null)
  printf '%s\n' "$list" | sed -n 's/^ *[0-9][0-9]*,/gpu=&/p'
  $limit nvidia-smi 2>/dev/null | sed -n 's/.*CUDA Version: *\([0-9.]*\).*/cuda=\1/p'
elif command -v rocm-smi >/dev/null 2>&1; then
  $limit rocm-smi --showproductname --showmeminfo vram --csv 2>/dev/null | awk -F, '
    /^device/ { for (i = 2; i <= NF; i++) { if ($i ~ /VRAM Total Memory/) t = i; if (($i ~ /Card [Ss]eries/) || ($i ~ /Market/)) n = i } next }
    /^card/ { print "amd=" substr($1, 5) ", " (n ? $n : "AMD GPU") ", " int($t / 1048576) }'
fi
echo "diskFreeKib=$(df -Pk "$HOME" 2>/dev/null | awk 'NR == 2 { print $4 }')"
echo "memoryKib=$(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo 2>/dev/null)"
echo "vcpus=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null)"
if command -v python3 >/dev/null 2>&1; then
  $limit python3 - <<'PYTHON' 2>/dev/null
import os, re, sys
from importlib.util import find_spec
print("python=%d.%d.%d" % sys.version_info[:3])
print("venv=" + ("yes" if find_spec("ensurepip") and find_spec("venv") else "no"))
print("pip=" + ("yes" if find_spec("pip") else "no"))
spec = find_spec("torch")
if spec and spec.origin:
    with open(os.path.join(os.path.dirname(spec.origin), "version.py")) as file:
        text = file.read()
    for key, name in (("torch", "__version__"), ("torchCuda", "cuda")):
        found = re.search(r"^%s\b[^=\n]*= *['\"]([^'\"]*)" % name, text, re.M)
        if found:
            print(key + "=" + found.group(1))
PYTHON
fi
if command -v docker >/dev/null 2>&1; then
  runtimes=$($limit docker info --format '{{range $name, $_ := .Runtimes}}{{$name}} {{end}}' 2>/dev/null) && echo docker=yes
  case " $runtimes " in *" nvidia "*) echo dockerNvidia=yes ;; esac
  command -v nvidia-container-runtime-hook >/dev/null 2>&1 && echo dockerNvidia=yes
fi
for tool in uv Rscript jupyter bash sha256sum tar zstd setsid; do
  command -v $tool >/dev/null 2>&1 && echo "tool=$tool"
done
exit 0
`
