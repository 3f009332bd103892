/** What bounds the pool of addresses that ipamd, the daemon of the VPC CNI, keeps on a node. */
export interface PoolLimits {
  /** Interfaces it may have attached, the primary one included. */
  readonly interfaces: number;
  /** Slots of one interface. */
  readonly slotsPerInterface: number;
  /** Addresses in one slot: 1, or 16 with prefixes. */
  readonly addressesPerSlot: 1 | 16;
  /** Whether the primary interface stays without pods. */
  readonly skipPrimary: boolean;
  /** Where ipamd stops asking for addresses. */
  readonly maxPods: number;
}

/** What ipamd keeps free. With either of the address targets above 0, the other two are ignored. */
export interface WarmTargets {
  /** WARM_ENI_TARGET. */
  readonly enis: number;
  /** WARM_PREFIX_TARGET. */
  readonly prefixes: number;
  /** WARM_IP_TARGET; 0 is unset. */
  readonly ips: number;
  /** MINIMUM_IP_TARGET; 0 is unset. */
  readonly minimumIps: number;
}

/** An attached interface. Its pods fill its slots one after the other. */
interface Eni {
  slots: number;
  pods: number;
}

/**
 * The addresses ipamd keeps on one node, step by step as it does: after each pod it grows until the pool is not too low.
 *
 * It has a way back, but never takes it while pods only come: each step adds no more than the targets need. The one
 * exception is a warm target of 0. There ipamd frees the interface it attached, because no pod is on it, attaches it
 * again, because nothing is free, and so on (issue 1775); the larger of the two states stands here.
 *
 * A pod takes the first free address in the order of attachment, as in the CNI's own tables. In truth ipamd takes any,
 * which changes no number but one: with WARM_PREFIX_TARGET above 1, pods spread thin over prefixes can make a node hold
 * up to one prefix less than the target more.
 *
 * @see https://github.com/aws/amazon-vpc-cni-k8s/blob/v1.23.1/pkg/ipamd/ipamd.go
 */
export class WarmPool {
  /** Slots of all interfaces. */
  slots = 0;
  /** Pods with an address. */
  pods = 0;
  private readonly enis: Eni[] = [{ slots: 0, pods: 0 }];
  private readonly byAddress: boolean;
  private readonly byPrefix: boolean;

  constructor(
    private readonly limits: PoolLimits,
    private readonly targets: WarmTargets,
  ) {
    this.byAddress = targets.ips > 0 || targets.minimumIps > 0;
    this.byPrefix = limits.addressesPerSlot > 1;
    this.settle();
  }

  /** Attached interfaces. */
  get interfaces(): number {
    return this.enis.length;
  }

  /** Gives a pod an address and lets the pool settle; false if there is none. */
  place(): boolean {
    const eni = this.enis.find(({ slots, pods }) => pods < slots * this.limits.addressesPerSlot);
    if (eni === undefined) return false;
    eni.pods += 1;
    this.pods += 1;
    this.settle();
    return true;
  }

  /** updateIPPoolIfRequired, as often as it does something */
  private settle(): void {
    let grown = true;
    while (grown && this.tooLow()) grown = this.grow();
  }

  /** isDatastorePoolTooLow */
  private tooLow(): boolean {
    const { addressesPerSlot, slotsPerInterface, maxPods } = this.limits;
    if (this.addresses >= maxPods) return false;
    if (this.byAddress) return this.shortOf() > 0;
    const target = this.byPrefix ? this.targets.prefixes * addressesPerSlot : this.targets.enis * slotsPerInterface;
    return this.available < Math.max(1, target);
  }

  /** increaseDatastorePool: more slots on an attached interface, or else a new one; false if there is room for neither. */
  private grow(): boolean {
    const { slotsPerInterface, interfaces, skipPrimary } = this.limits;
    const needed = this.slotsNeeded();
    let eni = this.enis.find(({ slots }, index) => slots < slotsPerInterface && !(skipPrimary && index === 0));
    if (eni === undefined) {
      if (this.enis.length >= interfaces) return false;
      eni = { slots: 0, pods: 0 };
      this.enis.push(eni);
    }
    const added = Math.min(slotsPerInterface - eni.slots, needed);
    eni.slots += added;
    this.slots += added;
    return true;
  }

  /** getPrefixesNeeded and GetENIResourcesToAllocate: what one step adds, as far as one interface has room for it */
  private slotsNeeded(): number {
    const { addressesPerSlot, slotsPerInterface } = this.limits;
    if (this.byAddress) return Math.ceil(this.shortOf() / addressesPerSlot);
    if (!this.byPrefix) return slotsPerInterface;
    const free = this.enis.reduce((sum, { slots, pods }) => sum + slots - Math.ceil(pods / addressesPerSlot), 0);
    return Math.max(1, this.targets.prefixes - free);
  }

  /** datastoreTargetState: the addresses short of either address target */
  private shortOf(): number {
    const { ips, minimumIps } = this.targets;
    return Math.max(0, ips - this.available, minimumIps - this.addresses);
  }

  private get addresses(): number {
    return this.slots * this.limits.addressesPerSlot;
  }

  private get available(): number {
    return this.addresses - this.pods;
  }
}
