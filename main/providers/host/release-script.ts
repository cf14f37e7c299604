import type { RentalId } from '../../../preload/contract/rental.ts'
import { shellQuote } from '../../domain/shell-quote.ts'

/**
 * Ends everything of a rental on an own host and removes its folders: the processes that carry the
 * rental's or its attempts' marks (where there is no /proc: the recorded process groups), their
 * children, containers, the attempts, the lease and the claim. TERM first, KILL after 5 s. A
 * tombstone, written first, refuses a claim that is still on its way. May be repeated. Exits with
 * 73 when the tombstone cannot be written. Answers `sublet:ended=N`, `sublet:left=PIDS`, `sublet:remains=PATHS`.
 */
export function releaseScript(rentalId: RentalId): string {
  return `
id=${shellQuote(rentalId)}
trap '' HUP TERM
root="$HOME/.sublet"; hosts="$root/hosts"; node=$(uname -n)
bury() { (umask 077 && mkdir -p "$hosts/gone" && : >"$hosts/gone/$id"); }
bury || full=yes
attempts() {
  for note in "$root"/attempts/*/rental; do
    [ -f "$note" ] && [ "$(cat "$note")" = "$id" ] && printf '%s\\n' "\${note%/rental}"
  done
}
marks=$(
  printf 'SUBLET_RENTAL_ID=%s\\n' "$id"
  attempts | while IFS= read -r folder; do printf 'SUBLET_ATTEMPT_ID=%s\\n' "\${folder##*/}"; done
)
marked() {
  if [ -r /proc/self/environ ]; then
    grep -lsF "$marks" /proc/[0-9]*/environ 2>/dev/null | while IFS= read -r environ; do
      pid=\${environ%/environ} pid=\${pid##*/}
      [ "$pid" != $$ ] && tr '\\0' '\\n' <"$environ" 2>/dev/null | grep -qxF "$marks" && echo "$pid"
    done
  else
    attempts | while IFS= read -r folder; do
      [ -f "$folder/exit" ] && continue
      { read -r main _ <"$folder/main"; } 2>/dev/null || continue
      ps -A -o pid=,pgid= | awk -v main="$main" '$2 == main { print $1 }'
    done
  fi
  { read -r pid _ <"$root/rentals/$id/watchdog"; } 2>/dev/null || return 0
  ps -A -o pid=,args= 2>/dev/null | awk -v pid="$pid" '$1 == pid' |
    grep -F "__watchdog $id" | awk '{ print $1 }'
}
ours() {
  ps -A -o pid=,ppid=,stat= 2>/dev/null | awk -v seeds="$(marked | tr '\\n' ' ')" -v self=$$ '
    BEGIN { n = split(seeds, s, " "); for (i = 1; i <= n; i++) mine[s[i]] = 1 }
    { parent[$1] = $2; if ($3 !~ /^[ZX]/) living[$1] = 1 }
    END {
      do { more = 0
        for (p in parent) if (!(p in mine) && (parent[p] in mine) && p != self) { mine[p] = 1; more = 1 }
      } while (more)
      for (p in mine) if ((p in living) && p != self) print p
    }' | tr '\\n' ' '
}
nap() { sleep 0.2 2>/dev/null || sleep 1; }
pids=$(ours) ended=0 tries=0
for pid in $pids; do ended=$((ended + 1)); kill -s TERM "$pid" 2>/dev/null; done
while [ -n "$pids" ] && [ "$tries" -lt 25 ]; do nap; pids=$(ours); tries=$((tries + 1)); done
attempts | while IFS= read -r folder; do
  { read -r container <"$folder/container"; } 2>/dev/null || continue
  case $container in *[!A-Za-z0-9_.-]*) ;; sublet-*) docker rm -f "$container" >/dev/null 2>&1 ;; esac
done
tries=0
while [ -n "$pids" ] && [ "$tries" -lt 25 ]; do
  for pid in $pids; do kill -s KILL "$pid" 2>/dev/null; done
  nap; pids=$(ours); tries=$((tries + 1))
done
printf 'sublet:ended=%s\\nsublet:left=%s\\n' "$ended" "$pids"
if [ -z "$pids" ]; then
  # The note goes last: by it a folder that could not be emptied is found again.
  attempts | while IFS= read -r folder; do
    for entry in "$folder"/* "$folder"/.[!.]* "$folder"/..?*; do
      [ "\${entry##*/}" = rental ] && continue
      rm -rf "$entry" 2>/dev/null || { chmod -R u+rwX "$entry"; rm -rf "$entry"; } 2>/dev/null
    done
    rm -f "$folder/rental"
    rmdir "$folder" 2>/dev/null || printf '%s\\n' "$id" >"$folder/rental"
  done
  rm -rf "$root/rentals/$id"
  # On a full disk there is room for it only now.
  if [ -n "\${full:-}" ]; then bury || exit 73; fi
  if [ -z "$(attempts)" ] && [ ! -e "$root/rentals/$id" ]; then
    for hold in "$hosts/held/$node"/*; do [ "$(readlink "$hold")" = "$id" ] && rm -f "$hold"; done
    rm -f "$hosts/claims/$id" "$hosts/claims/$id".*
  fi
fi
remains=$(
  attempts
  for path in "$root/rentals/$id" "$hosts/claims/$id"; do [ -e "$path" ] && printf '%s\\n' "$path"; done
)
printf 'sublet:remains=%s\\n' "$(printf '%s' "$remains" | tr '\\n' ' ')"
`
}

/**
 * The same for the machine's own watchdog. It starts anew without the marks, or the script and
 * its helpers would end themselves.
 */
export function selfReleaseCommand(rentalId: RentalId): string {
  return `unset SUBLET_RENTAL_ID SUBLET_ATTEMPT_ID; exec sh -c ${shellQuote(releaseScript(rentalId))}`
}

/** What the script reported; null when its answer is incomplete. */
export interface ReleaseReport {
  readonly ended: number
  readonly left: readonly string[]
  readonly remains: readonly string[]
}

export function parseReleaseReport(answer: string): ReleaseReport | null {
  const value = (key: string): string | undefined =>
    new RegExp(`^sublet:${key}=(.*)$`, 'm').exec(answer)?.[1]?.trim()
  const [ended, left, remains] = [value('ended'), value('left'), value('remains')]
  if (ended === undefined || left === undefined || remains === undefined) return null
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '')
  return { ended: Number(ended), left: words(left), remains: words(remains) }
}
