import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { Button, IconButton } from './button.tsx'
import styles from './toasts.module.css'

export type Toaster = ReturnType<typeof Toast.createToastManager>

/** Buttons of a toast that has several: in `data`. Each closes it. */
export interface ToastButtons {
  readonly buttons: readonly { readonly label: string; readonly onClick: () => void }[]
}

/** One a window, made in `main.tsx`; stores and pages add to it. */
export function createToaster(): Toaster {
  return Toast.createToastManager()
}

/** The place where toasts appear. What must not be missed is never said in a toast alone. */
export function Toasts({ toaster }: { readonly toaster: Toaster }) {
  return (
    <Toast.Provider toastManager={toaster} timeout={6_000} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className={styles['viewport']}>
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function List() {
  const { toasts, close } = Toast.useToastManager<ToastButtons>()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={styles['toast']} swipeDirection={[]}>
      <Toast.Content className={styles['content']}>
        <div className={styles['words']}>
          <Toast.Title className={styles['title']} />
          <Toast.Description />
          {toast.data === undefined ? null : (
            <div className={styles['buttons']}>
              {toast.data.buttons.map(({ label, onClick }) => (
                <Button
                  key={label}
                  onClick={() => {
                    onClick()
                    close(toast.id)
                  }}
                >
                  {label}
                </Button>
              ))}
            </div>
          )}
        </div>
        <Toast.Action className={styles['action']} />
        <IconButton label="Dismiss" icon={<X />} onClick={() => close(toast.id)} />
      </Toast.Content>
    </Toast.Root>
  ))
}
