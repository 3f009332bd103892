import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareMinors } from '../../cluster/kubernetes-versions';
import { distance } from '../../shape';
import { dataMinor } from './default-roles';

/** A kind of object, as the API server serves it or as RBAC alone knows it. */
export interface ApiResource {
  /** The API group; `''` is the core group. */
  readonly group: string;
  /** The plural that RBAC rules name, such as `pods`. */
  readonly resource: string;
  /** Such as `Pod`; empty for what is no object. */
  readonly kind: string;
  /** Such as `pod`. */
  readonly singular: string;
  /** Such as `po`. */
  readonly shortNames: readonly string[];
  /** Whether its objects are in namespaces; undefined if that cannot be known, as for a custom resource. */
  readonly namespaced: boolean | undefined;
  /** What can be done to it. */
  readonly verbs: readonly string[];
  /** Such as `log`. */
  readonly subresources: readonly string[];
  /**
   * The versions of its API, the preferred one first. A cluster serves alpha and beta ones only when told to; EKS does
   * not. None for what RBAC alone knows.
   */
  readonly versions: readonly string[];
}

/** Verbs that mean something to Kubernetes in a rule for resources; kubectl warns of any other. */
export const KNOWN_VERBS: readonly string[] = [
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
  ...['impersonate', 'bind', 'escalate', 'approve', 'sign', 'attest', 'use', '*'],
];

/** Verbs that mean something in a rule for URLs: the methods of HTTP. */
export const KNOWN_URL_VERBS: readonly string[] = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options', '*'];

/** What no API server lists, as it is no object, but authorizes by RBAC. */
const UNLISTED: readonly ApiResource[] = [
  unlisted('', 'users', ['impersonate']),
  unlisted('', 'groups', ['impersonate']),
  // its subresources are the keys of extra fields, such as userextras/scopes
  unlisted('authentication.k8s.io', 'userextras', ['impersonate']),
  unlisted('authentication.k8s.io', 'uids', ['impersonate']),
  unlisted('certificates.k8s.io', 'signers', ['approve', 'attest', 'sign']),
];

function unlisted(group: string, resource: string, verbs: readonly string[]): ApiResource {
  const singular = resource.slice(0, -1);
  const nothing = { kind: '', shortNames: [], subresources: [], versions: [] };
  return { ...nothing, group, resource, singular, namespaced: false, verbs };
}

/** Verbs that are authorized for an object besides those of its API. */
const MORE_VERBS: Readonly<Record<string, readonly string[]>> = {
  ServiceAccount: ['impersonate'],
  Role: ['bind', 'escalate'],
  ClusterRole: ['bind', 'escalate'],
};

const tables = new Map<string, readonly ApiResource[]>();

/**
 * Every resource of a Kubernetes minor, in the order in which kubectl searches them, and then those that only RBAC
 * knows, such as `users`.
 *
 * @param minor such as `1.35`; one without data is treated as by {@link dataMinor}
 */
export function apiResources(minor: string): readonly ApiResource[] {
  const known = dataMinor(minor);
  const table = tables.get(known) ?? tableOf(known);
  tables.set(known, table);
  return table;
}

function tableOf(minor: string): readonly ApiResource[] {
  const text = readFileSync(join(__dirname, 'resources', `${minor}.json`), 'utf8');
  const { resources } = JSON.parse(text) as { readonly resources: readonly ApiResource[] };
  const served = resources.map((each) => ({
    ...each,
    verbs: [...each.verbs, ...(MORE_VERBS[each.kind] ?? [])],
    subresources: [...each.subresources, ...moreSubresources(each.kind, minor)],
  }));
  return [...served, ...UNLISTED];
}

/** Subresources that are no part of an API: only authorization is asked about them. */
function moreSubresources(kind: string, minor: string): readonly string[] {
  // what signs the certificates of nodes asks whether a node may have one
  if (kind === 'CertificateSigningRequest') return ['nodeclient', 'selfnodeclient'];
  if (kind !== 'Node') return [];
  // what the kubelet asks before it answers; those of KubeletFineGrainedAuthz were part of `proxy` until 1.32
  const always = ['checkpoint', 'log', 'metrics', 'stats'];
  return compareMinors(minor, '1.33') < 0 ? always : [...always, 'configz', 'healthz', 'pods'];
}

/** Whether RBAC may be asked for a subresource of a resource, served or not. */
export function hasSubresource({ resource, subresources }: ApiResource, subresource: string): boolean {
  // nothing serves these: admission asks for the first, endpoints of other pods for the second
  if (subresource === 'finalizers' || `${resource}/${subresource}` === 'endpoints/restricted') return true;
  return resource === 'userextras' || subresources.includes(subresource);
}

/** The resource a text names. */
export interface FoundResource {
  /** That there is one. */
  readonly found: true;
  /** The resource; `*` for all, of its group if one was written. */
  readonly resource: ApiResource;
  /** Whether it is a custom resource, taken as it was written: Kubernetes itself has no such group. */
  readonly custom: boolean;
  /** The name of a single object, which stood after the slash; undefined for all of them. */
  readonly name: string | undefined;
  /** What was probably meant, such as `pods --subresource log`, if the name is that of a subresource. */
  readonly meant: string | undefined;
  /** Resources of other groups which the text names as well; kubectl passes over them, too. */
  readonly also: readonly ApiResource[];
}

/** A text that names no resource. */
export interface UnknownResource {
  /** That there is none. */
  readonly found: false;
  /** The nearest ones that there are, as they can be written, such as `deployments.apps`. */
  readonly candidates: readonly string[];
}

/**
 * What a user wrote, as `kubectl auth can-i` reads it: a plural, singular, short name or kind in any case, if need be
 * with a group or the beginning of one (`roles.rbac`), or with a version and a group (`deployments.v1.apps`); then,
 * after a slash, a name. A custom resource must be written as `<plural>.<group>`.
 *
 * @param minor such as `1.35`; one without data is treated as by {@link dataMinor}
 */
export function findResource(minor: string, text: string): FoundResource | UnknownResource {
  const slash = text.indexOf('/');
  const [written, name] = slash < 0 ? [text, undefined] : [text.slice(0, slash), text.slice(slash + 1) || undefined];
  const word = written.toLowerCase();
  const table = apiResources(minor);
  const [resource, ...also] = word.startsWith('*') ? everything(word) : matches(table, word);
  const custom = resource === undefined ? customResource(table, word) : undefined;
  const found = resource ?? custom;
  if (found === undefined) return { found: false, candidates: candidates(table, word) };
  return { found: true, resource: found, custom: custom !== undefined, name, meant: meant(found, written, name), also };
}

/** A word for a resource, taken apart; the group is empty if none was written. */
interface Parts {
  readonly name: string;
  readonly version: string | undefined;
  readonly group: string;
}

/** The parts of `resource.group` or `resource.version.group`; a version is told from a group by its form. */
function partsOf(word: string): Parts {
  const [, name = '', version, group = ''] =
    /^([^.]*)(?:\.(v\d+(?:(?:alpha|beta)\d+)?)(?=\.))?(?:\.(.*))?$/.exec(word) ?? [];
  return { name, version, group };
}

/** The resources a word names, in the order of the table: those of a word for a group before those it begins. */
function matches(table: readonly ApiResource[], word: string): readonly ApiResource[] {
  const { name, version, group } = partsOf(word);
  if (name === '') return [];
  const places: readonly ((each: ApiResource) => boolean)[] = [
    (each) => group === '' || each.group === group,
    (each) => each.group.startsWith(group),
  ];
  const namings: readonly ((each: ApiResource) => boolean)[] = [
    ({ resource, singular, kind }) => [resource, singular, kind.toLowerCase()].includes(name),
    ({ shortNames }) => shortNames.includes(name),
  ];
  const versioned = table.filter(({ versions }) => version === undefined || versions.includes(version));
  return (
    places
      .flatMap((inPlace) => namings.map((named) => versioned.filter((each) => inPlace(each) && named(each))))
      .find((some) => some.length > 0) ?? []
  );
}

/** `*` is a resource of its own to kubectl, in the core group; `*.apps` is ours. */
function everything(word: string): readonly ApiResource[] {
  const group = word.slice(2);
  if (word !== '*' && (!word.startsWith('*.') || group === '')) return [];
  return [unknownKind('*', group)];
}

function unknownKind(resource: string, group: string): ApiResource {
  const subresources = ['scale', 'status']; // those a custom resource may have
  const nothing = { kind: '', singular: '', shortNames: [], namespaced: undefined, versions: [] };
  return { ...nothing, group, resource, verbs: KNOWN_VERBS, subresources };
}

/** The group of a custom resource is a domain: at least two labels. */
const CUSTOM = /^[a-z]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?){2,}$/;

function customResource(table: readonly ApiResource[], word: string): ApiResource | undefined {
  const { name, group } = partsOf(word);
  if (!CUSTOM.test(`${name}.${group}`)) return undefined;
  const taken = table.some((each) => [group, word].includes(each.group));
  // nobody names a group so like one of Kubernetes for a resource that is in that one
  const misspelt = table.some((each) => namesOf(each).includes(name) && distance(each.group, group) <= 2);
  return taken || misspelt ? undefined : unknownKind(name, group);
}

function meant(resource: ApiResource, written: string, name: string | undefined): string | undefined {
  const steps = name?.split('/') ?? [];
  const last = steps.pop();
  const any = resource.resource === 'userextras';
  if (last === undefined || !(any || resource.subresources.includes(last))) return undefined;
  return `${[written, ...steps].join('/')} --subresource ${last}`;
}

/** How many candidates are of use. */
const SHOWN = 3;

function candidates(table: readonly ApiResource[], word: string): readonly string[] {
  const { name, group } = partsOf(word);
  const ofGroup = table.filter((each) => each.group !== '' && each.group === word);
  if (ofGroup.length > 0) return ofGroup.map(qualified);
  const near = table
    .map((each) => ({ each, away: Math.min(...namesOf(each).map((known) => slip(name, known))) }))
    .filter(({ away }) => away < Infinity)
    .sort((a, b) => a.away - b.away || distance(group, a.each.group) - distance(group, b.each.group));
  const exact = near.filter(({ away }) => away === 0); // only their group was wrong
  return (exact.length > 0 ? exact : near).slice(0, SHOWN).map(({ each }) => qualified(each));
}

function qualified({ resource, group }: ApiResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function namesOf({ resource, singular, shortNames }: ApiResource): readonly string[] {
  return [resource, singular, ...shortNames];
}

/** How far a word is from a known one; infinite if it is no slip of it. */
function slip(word: string, known: string): number {
  const letters = (each: string): string => [...each].sort().join('');
  const away = word !== known && letters(word) === letters(known) ? 1 : distance(word, known);
  return away <= Math.max(1, Math.floor(known.length / 3)) && away < word.length ? away : Infinity;
}
