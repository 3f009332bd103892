import type { Construct } from 'constructs';
import type { NetworkView } from '../network/network-view';

/**
 * The network as a stack sees it, in a scope of the stack's own: that of the Network stack, or one that is there
 * already and belongs to no stack of ours.
 */
export type NetworkSource = (scope: Construct) => NetworkView;
