import { shellWord } from './remote-command.ts'
import { absolutePath, answerTo, markOf } from './upload-answer.ts'
import type { Upload, UploadAnswer, Uploader } from './upload-types.ts'

/** Python 3.6 and its standard library. What it may send, and where, comes over standard input. */
const program = `import http.client, json, sys
from urllib.parse import urlsplit

def put(one):
    url = urlsplit(one['url'])
    secure = url.scheme == 'https'
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    with open(one['path'].encode('latin-1'), 'rb') as file:
        file.seek(one['offset'])
        left = one['bytes']
        to = kind(url.netloc, timeout=60)
        try:
            to.putrequest('PUT', url.path + '?' + url.query, skip_accept_encoding=True)
            for name, value in one['headers'].items():
                to.putheader(name, value)
            to.putheader('Content-Length', str(left))
            to.endheaders()
            try:
                while left > 0:
                    chunk = file.read(min(left, 1048576))
                    if not chunk:
                        return 0, b''
                    to.send(chunk)
                    left -= len(chunk)
            except ConnectionError:
                pass  # A server may refuse before it has read all: its answer says why.
            answer = to.getresponse()
            return answer.status, answer.read(10000)
        finally:
            to.close()

for index, one in enumerate(json.load(sys.stdin)):
    try:
        status, body = put(one)
    except (OSError, http.client.HTTPException):
        status, body = 0, b''
    mark = '\\n' + one['mark'] + ' %03d\\n' % status
    sys.stdout.buffer.write(body + mark.encode())
    sys.stdout.buffer.flush()
`

/** One after another, with python3 alone (`-I`: neither its variables nor the user's packages count). */
export async function uploadByPython(
  machine: Uploader,
  uploads: readonly Upload[],
  signal: AbortSignal,
): Promise<UploadAnswer[]> {
  const orders = uploads.map(({ item, part, url, headers }, index) => ({
    url,
    headers,
    path: absolutePath(machine, item),
    offset: part?.offset ?? 0,
    bytes: part?.bytes ?? item.entry.size,
    mark: markOf(index),
  }))
  const { stdout } = await machine.exec(`exec python3 -I -c ${shellWord(program)}`, {
    stdin: inAscii(JSON.stringify(orders)),
    signal,
  })
  return uploads.map((_, index) => answerTo(index, stdout))
}

/** Whatever the machine's locale is. */
function inAscii(json: string): string {
  return json.replaceAll(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
