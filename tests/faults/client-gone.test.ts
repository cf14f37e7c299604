import { faultClass } from './classes/client-gone.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass, 90_000)
