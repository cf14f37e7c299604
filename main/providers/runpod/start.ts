import type { LaunchRequest } from '../provider.ts'
import { startScript } from './start-script.ts'

/** What a pod's container is started with, beside its image. */
export interface PodStart {
  readonly args: string
  readonly env: Readonly<Record<string, string>>
}

/** The variable that says which Sublet home rented a pod: RunPod has no tags, but tells variables. */
const homeVariable = 'SUBLET_HOME_ID'

/**
 * The form that RunPod's own guide uses for a start command (https://docs.runpod.io/pods/
 * configuration/use-ssh, read 2026-11). Nothing in it needs quoting again: the script is a variable.
 */
const args = `sh -c 'exec sh -c "$(printf %s "$SUBLET_START" | base64 -d)"'`

/**
 * Starts what was asked for and then the SSH server, in whatever image: RunPod's images would start
 * one themselves, others have none. `PUBLIC_KEY` is what RunPod's images expect.
 */
export function podStart(
  { publicKey, userData, hostKey }: Pick<LaunchRequest, 'publicKey' | 'userData' | 'hostKey'>,
  homeId: string,
): PodStart {
  return {
    args,
    env: {
      PUBLIC_KEY: publicKey,
      [homeVariable]: homeId,
      SUBLET_START: base64(startScript),
      ...(userData !== undefined && { SUBLET_USER_DATA: base64(userData) }),
      ...(hostKey !== undefined && { SUBLET_HOST_KEY: base64(hostKey.privateKey) }),
    },
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
