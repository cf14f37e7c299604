/** Put in by the build from package.json. */
declare const __SUBLET_VERSION__: string
