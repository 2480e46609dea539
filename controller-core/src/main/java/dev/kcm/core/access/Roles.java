package dev.kcm.core.access;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.api.model.rbac.SubjectBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The RBAC objects that let a service account do what was declared, and nothing else: one
 * ClusterRole for the whole cluster, one Role for each namespace that is named, and their bindings.
 *
 * <p>The same accesses in any order give the same text.
 *
 * @param name of roles and bindings
 * @param account namespace and name of the service account
 * @param accesses what was declared
 */
public record Roles(String name, ObjectKey account, List<Access> accesses) {

  private static final String GROUP = "rbac.authorization.k8s.io";

  public Roles {
    accesses = List.copyOf(accesses);
    if (name.isBlank() || account.namespace().isBlank() || account.name().isBlank()) {
      throw new IllegalArgumentException(
          "roles \"%s\" of the account \"%s\", allowed: a name, and an account in a namespace"
              .formatted(name, account));
    }
  }

  /** The roles of an account. */
  public static Roles of(String name, ObjectKey account, Collection<Access> accesses) {
    return new Roles(name, account, List.copyOf(accesses));
  }

  /** Rules for the whole cluster; empty when there are none. */
  public List<PolicyRule> rules() {
    return Rules.of(accesses.stream().filter(access -> access.namespaces().isEmpty()).toList());
  }

  /** Rules for one namespace, beside those for the whole cluster. */
  public List<PolicyRule> rules(String namespace) {
    return Rules.of(
        accesses.stream().filter(access -> access.namespaces().contains(namespace)).toList());
  }

  /** The namespaces that have rules of their own, sorted. */
  public List<String> namespaces() {
    return accesses.stream()
        .flatMap(access -> access.namespaces().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** The account. */
  public HasMetadata serviceAccount() {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withNamespace(account.namespace())
        .withName(account.name())
        .endMetadata()
        .build();
  }

  /** The roles, each followed by its binding. They say nothing of the account itself. */
  public List<HasMetadata> objects() {
    List<HasMetadata> objects = new ArrayList<>();
    List<PolicyRule> everywhere = rules();
    if (!everywhere.isEmpty()) {
      objects.add(new ClusterRoleBuilder().withMetadata(named("")).withRules(everywhere).build());
      objects.add(
          new ClusterRoleBindingBuilder()
              .withMetadata(named(""))
              .withRoleRef(new RoleRef(GROUP, "ClusterRole", name))
              .withSubjects(subject())
              .build());
    }
    for (String namespace : namespaces()) {
      objects.add(
          new RoleBuilder().withMetadata(named(namespace)).withRules(rules(namespace)).build());
      objects.add(
          new RoleBindingBuilder()
              .withMetadata(named(namespace))
              .withRoleRef(new RoleRef(GROUP, "Role", name))
              .withSubjects(subject())
              .build());
    }
    return List.copyOf(objects);
  }

  /** The account, the roles and the bindings, as documents for {@code kubectl apply}. */
  public String yaml() {
    List<HasMetadata> all = new ArrayList<>();
    all.add(serviceAccount());
    all.addAll(objects());
    return yaml(all);
  }

  /** Any objects, as documents of one file. */
  public static String yaml(Collection<? extends HasMetadata> objects) {
    KubernetesSerialization format = new KubernetesSerialization();
    StringBuilder documents = new StringBuilder();
    for (HasMetadata object : objects) {
      String text = format.asYaml(object);
      documents.append(text.startsWith("---") ? "" : "---\n").append(text);
    }
    return documents.toString();
  }

  private ObjectMeta named(String namespace) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(namespace.isEmpty() ? null : namespace)
        .build();
  }

  private Subject subject() {
    return new SubjectBuilder()
        .withKind("ServiceAccount")
        .withName(account.name())
        .withNamespace(account.namespace())
        .build();
  }
}
