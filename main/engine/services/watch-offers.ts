import type { OfferBookState } from '../../../preload/contract/offer-view.ts'
import type { Clock } from '../../domain/clock.ts'
import { EventQueue } from '../../rpc/event-queue.ts'
import type { StreamAnswer } from '../../rpc/handlers.ts'
import type { OfferBook } from '../offers/offer-book.ts'

/** How often accounts and ages are looked at while somebody watches, in physical time. */
const tendEveryRealMs = 2_000

/** The book's state now and after every change; the book is tended until the client leaves. */
export function watchOffers(
  book: OfferBook,
  clock: Clock,
  signal: AbortSignal,
): StreamAnswer<OfferBookState, OfferBookState> {
  const left = new AbortController()
  const events = new EventQueue<OfferBookState>(1, () => left.abort())
  // One waiting state is enough: a newer one replaces it.
  const stop = book.onChange(() => events.push(book.state(), 'state'))
  left.signal.addEventListener('abort', stop)
  signal.addEventListener('abort', () => events.end())
  const snapshot = book.state()
  void tend(book, clock, AbortSignal.any([signal, left.signal]), () =>
    events.push(book.state(), 'state'),
  )
  return { snapshot, events }
}

async function tend(
  book: OfferBook,
  clock: Clock,
  signal: AbortSignal,
  tell: () => void,
): Promise<void> {
  let shown = ''
  while (!signal.aborted) {
    book.tend()
    // What was fresh gets old without any event.
    const states = book
      .state()
      .sources.map(({ state }) => state)
      .join()
    if (states !== shown) tell()
    shown = states
    await clock.sleep(tendEveryRealMs / clock.realMs(1), signal).catch(() => undefined) // Left.
  }
}
