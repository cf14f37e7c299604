import { selfFile } from './onstart.ts'

/**
 * Ends the machine from itself, with the key that each container gets: "it can only start, stop, or
 * destroy that specific instance" (docs.vast.ai/api-reference/hello-world, 2026-08). The key comes
 * from the variables of the container, from where the first start has kept them, or from the first
 * process; it goes into no argument list. Needs curl or python3 in the image.
 */
export function selfTerminateCommand(baseUrl: string, instanceId: string | null): string {
  const variable = (name: string) => `$(tr '\\0' '\\n' </proc/1/environ | sed -n s/^${name}=//p)`
  return [
    `[ -n "$CONTAINER_API_KEY" ] || [ ! -r ${selfFile} ] || . ${selfFile}`,
    `k=\${CONTAINER_API_KEY:-${variable('CONTAINER_API_KEY')}}`,
    `i=\${CONTAINER_ID:-${instanceId ?? variable('CONTAINER_ID')}}`,
    `u=${baseUrl}/api/v0/instances/$i/`,
    `printf 'header = "Authorization: Bearer %s"\\n' "$k" | curl -fsS -m 30 -X DELETE -K - "$u" ||`,
    `K=$k U=$u python3 -c 'import os,urllib.request as r;e=os.environ;r.urlopen(r.Request(e["U"],method="DELETE",headers={"Authorization":"Bearer "+e["K"]}),timeout=30)'`,
  ].join('\n')
}
