import type { ApiResource } from '../../lib/access/rbac/resources';

/** The kinds of objects the API server of one minor serves, as `lib/access/rbac/resources/<minor>.json` keeps them. */
export interface Resources {
  readonly source: string;
  readonly resources: readonly ApiResource[];
}

/** What the API server answers for all groups but the core one (`/apis`). */
export interface GroupsAnswer {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind: { readonly kind: string };
        readonly scope: 'Cluster' | 'Namespaced';
        readonly singularResource: string;
        readonly shortNames?: readonly string[];
        readonly verbs: readonly string[];
        readonly subresources?: readonly { readonly subresource: string }[];
      }[];
    }[];
  }[];
}

/** What it answers for the core group (`/api/v1`). */
export interface CoreAnswer {
  readonly groupVersion: string;
  readonly resources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly singularName: string;
    readonly shortNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** The table: the groups in the order in which kubectl searches them, the core group first. */
export function toResources(core: CoreAnswer, groups: GroupsAnswer, source: string): Resources {
  return { source, resources: [...ofCore(core), ...groups.items.flatMap(ofGroup)] };
}

function ofCore({ groupVersion, resources }: CoreAnswer): ApiResource[] {
  const whole = resources.filter(({ name }) => !name.includes('/'));
  return whole.map(({ name, kind, singularName, shortNames = [], namespaced, verbs }) => ({
    group: '',
    resource: name,
    kind,
    singular: singularName,
    shortNames,
    namespaced,
    verbs,
    subresources: resources
      .filter((each) => each.name.startsWith(`${name}/`))
      .map((each) => each.name.split('/')[1] ?? ''),
    versions: [groupVersion],
  }));
}

function ofGroup({ metadata, versions }: GroupsAnswer['items'][number]): ApiResource[] {
  const rows = new Map<string, ApiResource>();
  // the first version is the preferred one; what is in a later one only is added
  for (const { version, resources = [] } of versions)
    for (const each of resources) {
      const before = rows.get(each.resource);
      rows.set(
        each.resource,
        before === undefined
          ? {
              group: metadata.name,
              resource: each.resource,
              kind: each.responseKind.kind,
              singular: each.singularResource,
              shortNames: each.shortNames ?? [],
              namespaced: each.scope === 'Namespaced',
              verbs: each.verbs,
              subresources: (each.subresources ?? []).map(({ subresource }) => subresource),
              versions: [version],
            }
          : { ...before, versions: [...before.versions, version] },
      );
    }
  return [...rows.values()].sort((a, b) => (a.resource < b.resource ? -1 : 1));
}

/** The text of the file: one resource a line, so that a difference can be reviewed. */
export function resourcesText({ source, resources }: Resources): string {
  const lines = resources.map((each) => `    ${JSON.stringify(each)}`).join(',\n');
  return `{\n  "source": ${JSON.stringify(source)},\n  "resources": [\n${lines}\n  ]\n}\n`;
}

/** Each resource of the file by what it is, as one text. */
export function resourcesLines({ resources }: Resources): Map<string, string> {
  return new Map(
    resources.map((each) => [
      [each.resource, each.group].filter((part) => part !== '').join('.'),
      JSON.stringify(each),
    ]),
  );
}
