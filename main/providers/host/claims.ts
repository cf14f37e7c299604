import { rentalIdSchema, type RentalId } from '../../../preload/contract/rental.ts'
import { shellQuote } from '../../domain/shell-quote.ts'

/** A rental on an own host, as `~/.sublet/hosts/claims/<rentalId>` on that host says it. */
export interface Claim {
  readonly rentalId: RentalId
  /** The Sublet home that made it. */
  readonly homeId: string
  /** Empty on a machine without GPU. */
  readonly gpuIndices: readonly number[]
  /** Epoch seconds of the host's clock. */
  readonly fromS: number
  readonly node: string
}

/** Reads a claim's only line; null when it is none. */
export function claimFrom(line: string): Claim | null {
  const fields = new Map(
    line.split(' ').map((part) => {
      const at = part.indexOf('=')
      return [part.slice(0, at), part.slice(at + 1)] as const
    }),
  )
  const rentalId = rentalIdSchema.safeParse(fields.get('rental'))
  const fromS = Number(fields.get('from'))
  if (!rentalId.success || !Number.isInteger(fromS)) return null
  return {
    rentalId: rentalId.data,
    homeId: fields.get('home') ?? '',
    gpuIndices: (fields.get('take') ?? '').split(',').flatMap((part) => {
      return /^\d+$/.test(part) ? [Number(part)] : []
    }),
    fromS,
    node: fields.get('node') ?? '',
  }
}

export interface ClaimRequest {
  readonly rentalId: RentalId
  readonly homeId: string
  readonly count: number
  /** GPU indices or slot names that may be taken, best first. */
  readonly candidates: readonly string[]
}

/**
 * Takes `count` of the candidates, all or none, and answers the claim's line; `sublet:full` when
 * there are too few, `sublet:gone` when the rental was released before. Each hold is a symbolic
 * link, which only one of several callers can make. A repeated call, or one after a call that was
 * cut off, ends with the same claim. A release may come at any moment: it writes its tombstone
 * before it looks for claims, and this looks for the tombstone after it has written the claim, so
 * that one of them sees the other.
 */
export function claimCommand({ rentalId, homeId, count, candidates }: ClaimRequest): string {
  return `
id=${shellQuote(rentalId)} home=${shellQuote(homeId.replaceAll(/[^\w.-]/g, '_'))} want=${count}
root="$HOME/.sublet/hosts"; node=$(uname -n); held="$root/held/$node"; claim="$root/claims/$id"
gone() { [ -e "$root/gone/$id" ]; }
umask 077
mkdir -p "$root/claims" "$held" || exit 73
find "$root/gone" -type f -mtime +1 -exec rm -f {} + 2>/dev/null
if gone; then echo sublet:gone; exit 0; fi
got='' count=0
undo() {
  for what in $got; do rm -f "$held/$what"; done
  rm -f "$claim.$$"
}
if [ ! -f "$claim" ]; then
  for hold in "$held"/*; do
    [ "$(readlink "$hold")" = "$id" ] && got="$got \${hold##*/}" && count=$((count + 1))
  done
  for what in ${candidates.map(shellQuote).join(' ')}; do
    [ "$count" -ge "$want" ] && break
    ln -s "$id" "$held/$what" 2>/dev/null && got="$got $what" && count=$((count + 1))
  done
  if [ "$count" -lt "$want" ]; then
    undo
    echo sublet:full
    exit 0
  fi
  take=''
  for what in $got; do take="$take\${take:+,}$what"; done
  if ! {
    printf 'rental=%s home=%s take=%s from=%s node=%s\\n' \\
      "$id" "$home" "$take" "$(date +%s)" "$node" >"$claim.$$" && mv -f "$claim.$$" "$claim"
  } && ! gone; then
    undo
    exit 73
  fi
fi
if gone; then
  undo
  [ -n "$got" ] && rm -f "$claim"
  echo sublet:gone
  exit 0
fi
printf 'sublet:claim=%s\\n' "$(cat "$claim")"
`
}

/** Answers the claim's line, or `sublet:absent`. */
export function readClaimCommand(rentalId: RentalId): string {
  return `
claim="$HOME/.sublet/hosts/claims/"${shellQuote(rentalId)}
if [ -f "$claim" ]; then printf 'sublet:claim=%s\\n' "$(cat "$claim")"; else echo sublet:absent; fi
`
}

/** The claim in the answer of either command; null when there is none. */
export function claimIn(answer: string): Claim | null {
  const line = /^sublet:claim=(.*)$/m.exec(answer)?.[1]
  return line === undefined ? null : claimFrom(line.trim())
}

/** Whether the answer to `claimCommand` says that the rental was released before. */
export function saysGone(answer: string): boolean {
  return /^sublet:gone$/m.test(answer)
}
