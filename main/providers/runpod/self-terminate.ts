import { shellQuote } from '../../domain/shell-quote.ts'

/**
 * Ends the pod from itself, with the key that RunPod puts into each pod, "limited in scope to only
 * the pod" (docs.runpod.io/pods/references/environment-variables, 2026-11). That API v2 takes it for
 * this request is no promise of RunPod's, but what others have seen work in autumn 2026 (HTTP 204);
 * other requests, such as reading the pod, were refused to some. Needs curl or python3 in the image.
 */
export function selfTerminateCommand(baseUrl: string, instanceId: string | null): string {
  // Not found: somebody was faster.
  return `${actionOn(baseUrl, instanceId, 'terminate')}\ncase $c in 2?? | 404) ;; *) false ;; esac`
}

/**
 * Whether that would work: "start" of a pod that runs changes nothing, and is answered with 409
 * ("not valid for the pod's current status") to a key that may ask for it, with 401 or 403 to
 * others (API description 2.0.0, `POST /v2/pods/{id}/action`). One lost answer does not decide.
 */
export function selfTerminateProof(baseUrl: string, instanceId: string | null): string {
  return [
    'try() {',
    actionOn(baseUrl, instanceId, 'start'),
    'case $c in 2?? | 409) ;; *) false ;; esac',
    '}',
    'try || { sleep 2; try; } || { sleep 4; try; }',
  ].join('\n')
}

/**
 * Asks for an action on the machine's own pod; `$c` is the HTTP status then. A session by SSH does
 * not have the pod's variables: the first process has. The key goes into no argument list.
 */
function actionOn(
  baseUrl: string,
  instanceId: string | null,
  action: 'start' | 'terminate',
): string {
  const ofPod = (name: string) =>
    `$(tr '\\0' '\\n' </proc/1/environ 2>/dev/null | sed -n s/^${name}=//p)`
  const id = instanceId === null ? ofPod('RUNPOD_POD_ID') : shellQuote(instanceId)
  return [
    `k=${ofPod('RUNPOD_API_KEY')}; k=\${k:-$RUNPOD_API_KEY}`,
    `i=${id}; i=\${i:-$RUNPOD_POD_ID}`,
    `u=${shellQuote(baseUrl)}/v2/pods/$i/action`,
    `b='{"action":"${action}"}'`,
    `c=$(printf 'header = "Authorization: Bearer %s"\\n' "$k" | curl -sS -m 20 -A sublet -o /dev/null -w '%{http_code}' -H 'Content-Type: application/json' -d "$b" -K - "$u")`,
    `case $c in ''|0*) c=$(K=$k U=$u B=$b python3 -c '${python}') ;; esac`,
  ].join('\n')
}

const python = `import os,urllib.request as r,urllib.error as x
e=os.environ
q=r.Request(e["U"],data=e["B"].encode(),headers={"Content-Type":"application/json","User-Agent":"sublet","Authorization":"Bearer "+e["K"]})
try: print(r.urlopen(q,timeout=20).status)
except x.HTTPError as h: print(h.code)`
