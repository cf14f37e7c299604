import { selfFile } from './onstart.ts'

/**
 * Ends the machine from itself, with the key that each container gets: "it can only start, stop, or
 * destroy that specific instance" (docs.vast.ai/api-reference/hello-world, 2026-08). Needs curl or
 * python3 in the image.
 */
export function selfTerminateCommand(baseUrl: string, instanceId: string | null): string {
  return `${request(baseUrl, instanceId, 'DELETE', '{}')} | ${succeeded}`
}

/**
 * Whether that would work: "test it by starting the instance (a no-op since it's already running)"
 * (docs.vast.ai/guides/instances/docker-environment, 2026-08). One lost answer does not decide.
 */
export function selfTerminateProof(baseUrl: string, instanceId: string | null): string {
  const start = request(baseUrl, instanceId, 'PUT', '{"state":"running"}')
  return [
    `try() {`,
    `${start} | ${succeeded}`,
    '}',
    'try || { sleep 2; try; } || { sleep 4; try; }',
  ].join('\n')
}

const succeeded = `grep -q '"success": *true'`

/**
 * Asks for the machine's own instance. The key comes from the variables of the container, from where
 * the first start has kept them, or from the first process; it goes into no argument list.
 */
function request(
  baseUrl: string,
  instanceId: string | null,
  method: 'DELETE' | 'PUT',
  body: string,
): string {
  const variable = (name: string) => `$(tr '\\0' '\\n' </proc/1/environ | sed -n s/^${name}=//p)`
  return [
    `f=\${HOME:-/root}/${selfFile}`,
    '[ -n "$CONTAINER_API_KEY" ] || [ ! -r "$f" ] || . "$f"',
    `k=\${CONTAINER_API_KEY:-${variable('CONTAINER_API_KEY')}}`,
    `i=\${CONTAINER_ID:-${instanceId ?? variable('CONTAINER_ID')}}`,
    `u=${baseUrl}/api/v0/instances/$i/`,
    `b='${body}'`,
    `{ printf 'header = "Authorization: Bearer %s"\\n' "$k" | curl -fsS -m 20 -X ${method} -H 'Content-Type: application/json' -d "$b" -K - "$u" ||`,
    `K=$k U=$u B=$b python3 -c 'import os,urllib.request as r;e=os.environ;print(r.urlopen(r.Request(e["U"],data=e["B"].encode(),method="${method}",headers={"Content-Type":"application/json","Authorization":"Bearer "+e["K"]}),timeout=20).read().decode())'; }`,
  ].join('\n')
}
