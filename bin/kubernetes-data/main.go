// Prints the RBAC objects that the API server makes at its start, as JSON. Which Kubernetes it is of says the go.mod
// it is built with; npm run refresh:kubernetes writes one for each minor.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy"
)

// rbacObjects are all objects of one cluster. The names of its fields are those the TypeScript side reads.
type rbacObjects struct {
	ClusterRoles        []rbacv1.ClusterRole        `json:"clusterRoles"`
	ClusterRoleBindings []rbacv1.ClusterRoleBinding `json:"clusterRoleBindings"`
	Roles               []rbacv1.Role               `json:"roles"`
	RoleBindings        []rbacv1.RoleBinding        `json:"roleBindings"`
}

func main() {
	// the same calls as PostStartHook of pkg/registry/rbac/rest; feature gates are at their defaults, as there
	objects := rbacObjects{
		ClusterRoles:        append(bootstrappolicy.ClusterRoles(), bootstrappolicy.ControllerRoles()...),
		ClusterRoleBindings: append(bootstrappolicy.ClusterRoleBindings(), bootstrappolicy.ControllerRoleBindings()...),
		Roles:               everyNamespace(bootstrappolicy.NamespaceRoles()),
		RoleBindings:        everyNamespace(bootstrappolicy.NamespaceRoleBindings()),
	}
	if err := json.NewEncoder(os.Stdout).Encode(objects); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// everyNamespace puts the objects of all namespaces into one list; each names its own. Their order does not matter.
func everyNamespace[T any](byNamespace map[string][]T) []T {
	var all []T
	for _, objects := range byNamespace {
		all = append(all, objects...)
	}
	return all
}
