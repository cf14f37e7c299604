import { connect, createServer, type Socket } from 'node:net'

/** A program: forwards TCP to 127.0.0.1:PORT with a delay each way; prints the port it listens on. */
const [targetPort = '0', delayMs = '0'] = process.argv.slice(2)

function relay(from: Socket, to: Socket): void {
  from.on('data', (chunk) => {
    setTimeout(() => to.write(chunk), Number(delayMs))
  })
  from.on('end', () => setTimeout(() => to.end(), Number(delayMs)))
  from.on('error', () => to.destroy())
  from.on('close', () => setTimeout(() => to.destroy(), 2 * Number(delayMs)))
}

const server = createServer((client) => {
  const target = connect(Number(targetPort), '127.0.0.1')
  client.setNoDelay(true)
  target.setNoDelay(true)
  relay(client, target)
  relay(target, client)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
