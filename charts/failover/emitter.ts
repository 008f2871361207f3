import type { Construct } from 'constructs';
import type { Region } from '../config/schema/regions';
import type { Identity } from '../kit/identity';

/** The regions among which clients are moved. */
export interface Destinations {
  /** The name that clients use. */
  readonly host: string;
  /** By priority, the one that serves first. Two or more. */
  readonly regions: readonly Region[];
}

/** Adds the objects that move clients from a region that is down to one that serves. */
export interface FailoverEmitter {
  /** What each region's cluster holds. Absent: nothing. */
  readonly attachToRegion?: (scope: Construct, identity: Identity) => void;
  /** What belongs to no region. Absent: nothing. */
  readonly attachGlobally?: (scope: Construct, identity: Identity) => void;
}
