import type { Access } from '../access';
import { readLines } from '../authenticator/aws-auth-text';
import { canonicalArn, type CanonicalArn } from '../authenticator/canonical-arn';

/** Somebody that a cluster's access names, whether it counts or not. */
export interface KnownPrincipal {
  /** The ARN as it is written. */
  readonly written: string;
  /** The ARN, read; undefined for what is none. */
  readonly read: CanonicalArn | undefined;
  /** Where it stands. */
  readonly place: 'entry' | 'mapRoles' | 'mapUsers';
  /** The same in words, such as `line 2 of mapRoles`. */
  readonly where: string;
}

/** Everybody that a cluster's access names, in the order in which it is asked. */
export function knownPrincipals({ entries, awsAuth = {} }: Access): KnownPrincipal[] {
  const lines = (place: 'mapRoles' | 'mapUsers', arnKey: 'rolearn' | 'userarn'): KnownPrincipal[] =>
    readLines(awsAuth[place], arnKey).good.map(({ index, value: { arn } }) => ({
      written: arn,
      read: canonicalArn(arn),
      place,
      where: lineInWords(place, index),
    }));
  return [
    ...entries.map(({ principalArn }): KnownPrincipal => ({
      written: principalArn,
      read: canonicalArn(principalArn),
      place: 'entry',
      where: `the access entry of ${principalArn}`,
    })),
    ...lines('mapRoles', 'rolearn'),
    ...lines('mapUsers', 'userarn'),
  ];
}

/** A line of aws-auth, counted as people do. */
export function lineInWords(place: string, index: number): string {
  return `line ${index + 1} of ${place}`;
}

/** Whether somebody is in aws-auth. */
export function isLine({ place }: KnownPrincipal): boolean {
  return place !== 'entry';
}

/** The last part of an ARN: the name without the path. */
export function nameOf({ roleName, arn }: CanonicalArn): string {
  return roleName ?? arn.replace(/^.*[/:]/, '');
}
