/** An access policy associated with an entry. */
export interface AssociatedPolicy {
  /** Its name, such as `AmazonEKSViewPolicy`, or its ARN. */
  readonly policy: string;
  /**
   * The namespaces it is limited to; `*` stands for any letters, such as `shop-*`.
   *
   * @default - the whole cluster
   */
  readonly namespaces?: readonly string[];
}

/** An access entry. */
export interface AccessEntry {
  /** The role's or user's whole ARN, with its path. */
  readonly principalArn: string;
  /** Such as `STANDARD` or `EC2_LINUX`. */
  readonly type: string;
  /**
   * The Kubernetes user name; a template such as `{{SessionName}}` may be in it.
   *
   * @default - EKS's own, from the ARN and the type
   */
  readonly username?: string;
  /**
   * The Kubernetes groups.
   *
   * @default - none
   */
  readonly groups?: readonly string[];
  /**
   * The access policies.
   *
   * @default - none
   */
  readonly policies?: readonly AssociatedPolicy[];
}

/** What a cluster holds about who may come in, whoever wrote it. */
export interface Access {
  /** Who decides. */
  readonly mode: 'CONFIG_MAP' | 'API_AND_CONFIG_MAP' | 'API';
  /** Such as `aws` or `aws-cn`. */
  readonly partition: string;
  /** The cluster's account, twelve digits. */
  readonly account: string;
  /** The access entries. */
  readonly entries: readonly AccessEntry[];
  /**
   * The texts of the aws-auth ConfigMap, as they stand.
   *
   * @default - there is no such map
   */
  readonly awsAuth?: AwsAuthTexts;
}

/** The values of the aws-auth ConfigMap: YAML in texts, as they stand. */
export interface AwsAuthTexts {
  /**
   * A list of roles.
   *
   * @default - none
   */
  readonly mapRoles?: string;
  /**
   * A list of users.
   *
   * @default - none
   */
  readonly mapUsers?: string;
  /**
   * A list of account ids.
   *
   * @default - none
   */
  readonly mapAccounts?: string;
}

/** Who Kubernetes takes a caller for, and what access policies add to that. */
export interface Identity {
  /** The user name. */
  readonly username: string;
  /** The groups, `system:authenticated` among them. */
  readonly groups: readonly string[];
  /**
   * The access policies of the entry.
   *
   * @default - none
   */
  readonly policies?: readonly AssociatedPolicy[];
}
