package dev.kcm.embedded.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.embedded.resource.StatusException;
import dev.kcm.embedded.resource.UserInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A16 roles and bindings")
class RbacTest {

  private final Fixture fixture = Fixture.rbac();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static UserInfo user(String name, String... groups) {
    return new UserInfo(name, "", List.of(groups), Map.of());
  }

  /** Verb, then {@code group/resource[/subresource]}, namespace, name. */
  private Authorizer.Decision decide(UserInfo user, String verb, String what, String... where) {
    String[] parts = what.split("/", -1);
    return fixture
        .access
        .authorizer()
        .authorize(
            user,
            new Attributes(
                verb,
                parts[0],
                "v1",
                parts[1],
                parts.length > 2 ? parts[2] : "",
                where.length > 0 ? where[0] : "",
                where.length > 1 ? where[1] : "",
                ""));
  }

  private void role(String rules) {
    fixture.create(
        "{apiVersion:'rbac.authorization.k8s.io/v1',kind:'Role',"
            + "metadata:{name:'r',namespace:'default'},rules:["
            + rules
            + "]}");
  }

  private void bind(String roleKind, String role, String subject) {
    fixture.create(
        "{apiVersion:'rbac.authorization.k8s.io/v1',kind:'RoleBinding',"
            + "metadata:{name:'b',namespace:'default'},roleRef:{apiGroup:"
            + "'rbac.authorization.k8s.io',kind:'"
            + roleKind
            + "',name:'"
            + role
            + "'},subjects:["
            + subject
            + "]}");
  }

  private static final String ALICE =
      "{apiGroup:'rbac.authorization.k8s.io',kind:'User',name:'alice'}";

  @ParameterizedTest
  @CsvSource({
    "get, /pods, default, p, true",
    "get, /pods, default, q, false",
    "list, /pods, default, , false",
    "get, /pods, other, p, false",
    "get, /pods, , p, false",
    "get, apps/pods, default, p, false",
    "get, /pods/status, default, p, false",
    "get, /nodes, default, p, false",
    "update, apps/deployments/scale, default, d, true",
    "update, apps/statefulsets/scale, default, d, true",
    "update, apps/deployments, default, d, false",
    "patch, /configmaps, default, any, true",
    "delete, /configmaps, default, any, true",
  })
  void aRuleAllowsWhatItNames(
      String verb, String what, String namespace, String name, boolean allowed) {
    role(
        "{verbs:['get'],apiGroups:[''],resources:['pods'],resourceNames:['p']},"
            + "{verbs:['update'],apiGroups:['*'],resources:['*/scale']},"
            + "{verbs:['*'],apiGroups:[''],resources:['configmaps']}");
    bind("Role", "r", ALICE);
    Authorizer.Decision decision =
        decide(
            user("alice"),
            verb,
            what,
            namespace == null ? "" : namespace,
            name == null ? "" : name);
    assertThat(decision.allowed()).isEqualTo(allowed);
    assertThat(decision.reason())
        .isEqualTo(
            allowed
                ? "RBAC: allowed by RoleBinding \"b/default\" of Role \"r\" to User \"alice\""
                : "");
  }

  @Test
  void aBindingReachesAccountsThroughTheirUserName() {
    role("{verbs:['get'],apiGroups:[''],resources:['pods']}");
    bind("Role", "r", "{kind:'ServiceAccount',name:'a',namespace:'default'}");
    assertThat(decide(user("system:serviceaccount:default:a"), "get", "/pods", "default").reason())
        .isEqualTo(
            "RBAC: allowed by RoleBinding \"b/default\" of Role \"r\" to ServiceAccount"
                + " \"a/default\"");
    assertThat(decide(user("system:serviceaccount:other:a"), "get", "/pods", "default").allowed())
        .isFalse();
  }

  @Test
  void aClusterRoleHoldsInTheNamespaceOfItsBindingOnly() {
    bind("ClusterRole", "view", ALICE);
    assertThat(decide(user("alice"), "list", "/pods", "default").allowed()).isTrue();
    assertThat(decide(user("alice"), "list", "/pods", "kube-system").allowed()).isFalse();
    assertThat(decide(user("alice"), "list", "/secrets", "default").allowed()).isFalse();
  }

  @Test
  void aBrokenBindingIsTheReasonOfTheRefusal() {
    bind("ClusterRole", "none", ALICE);
    assertThat(decide(user("alice"), "list", "/pods", "default"))
        .isEqualTo(
            new Authorizer.Decision(
                false, "RBAC: clusterrole.rbac.authorization.k8s.io \"none\" not found"));
  }

  @Test
  void decisionsFollowChangesAtOnce() {
    assertThat(decide(user("alice"), "list", "/pods", "default").allowed()).isFalse();
    bind("ClusterRole", "edit", ALICE);
    assertThat(decide(user("alice"), "create", "/pods", "default").allowed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "system:kube-controller-manager, list, apps/deployments, true",
    "system:kube-controller-manager, create, /pods, false",
    "system:kube-scheduler, create, /pods/binding, true",
    "system:serviceaccount:kube-system:replicaset-controller, create, /pods, true",
    "system:serviceaccount:kube-system:replicaset-controller, create, /secrets, false",
    "system:serviceaccount:kube-system:generic-garbage-collector, delete, any.io/things, true",
    "system:node:node-0, get, /pods, false",
  })
  void componentsHaveTheRightsOfARealCluster(
      String name, String verb, String what, boolean allowed) {
    assertThat(decide(user(name), verb, what, "default").allowed()).isEqualTo(allowed);
  }

  @Test
  void pathsAreAllowedByPrefix() {
    UserInfo known = user("alice", "system:authenticated");
    UserInfo unknown = user("system:anonymous", "system:unauthenticated");
    Authorizer authorizer = fixture.access.authorizer();
    assertThat(authorizer.authorize(known, Attributes.ofPath("get", "/apis/apps/v1")).allowed())
        .isTrue();
    assertThat(authorizer.authorize(unknown, Attributes.ofPath("get", "/apis")).allowed())
        .isFalse();
    assertThat(authorizer.authorize(unknown, Attributes.ofPath("get", "/healthz")).allowed())
        .isTrue();
    assertThat(authorizer.authorize(known, Attributes.ofPath("get", "/metrics")).allowed())
        .isFalse();
  }

  @Test
  void componentsNeedNoBindingsByDefault() {
    try (Fixture lenient = new Fixture("EC", AuthorizationMode.COMPONENTS)) {
      Attributes create = new Attributes("create", "", "v1", "pods", "", "default", "", "");
      Authorizer authorizer = lenient.access.authorizer();
      assertThat(authorizer.authorize(user("system:kube-controller-manager"), create).allowed())
          .isTrue();
      assertThat(authorizer.authorize(user("alice"), create).allowed()).isFalse();
    }
  }

  @Test
  void reviewsAnswerForOthersAndForTheSender() {
    bind("ClusterRole", "view", ALICE);
    String attributes = "resourceAttributes:{namespace:'default',verb:'list',resource:'pods'}";
    String group = "authorization.k8s.io/v1";
    JsonNode subject =
        fixture.post(group, "subjectaccessreviews", "", "{spec:{user:'alice'," + attributes + "}}");
    assertThat(subject.path("status").toString())
        .isEqualTo(
            "{\"allowed\":true,\"reason\":\"RBAC: allowed by RoleBinding \\\"b/default\\\" of"
                + " ClusterRole \\\"view\\\" to User \\\"alice\\\"\"}");
    JsonNode local =
        fixture.post(
            group,
            "localsubjectaccessreviews",
            "default",
            "{spec:{user:'alice'," + attributes + "}}");
    assertThat(local.path("status").path("allowed").asBoolean()).isTrue();
    JsonNode self =
        fixture.post(
            user("bob"),
            group,
            "selfsubjectaccessreviews",
            "",
            "",
            "",
            "{spec:{" + attributes + "}}");
    assertThat(self.path("status").toString()).isEqualTo("{\"allowed\":false}");
  }

  @Test
  void aUserSeesItsOwnRules() {
    role("{verbs:['get'],apiGroups:[''],resources:['pods'],resourceNames:['p']}");
    bind("Role", "r", ALICE);
    JsonNode review =
        fixture.post(
            user("alice"),
            "authorization.k8s.io/v1",
            "selfsubjectrulesreviews",
            "",
            "",
            "",
            "{spec:{namespace:'default'}}");
    assertThat(review.path("status").toString())
        .isEqualTo(
            "{\"resourceRules\":[{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]"
                + ",\"resourceNames\":[\"p\"]}],\"nonResourceRules\":[],\"incomplete\":false}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "subjectaccessreviews||{}|spec.resourceAttributes: Invalid value: null: exactly one of"
            + " nonResourceAttributes or resourceAttributes must be specified",
        "subjectaccessreviews||{resourceAttributes:{}}|spec.user: Invalid value: \"\": at least one"
            + " of user or group must be specified",
        "localsubjectaccessreviews|default|{user:'a',resourceAttributes:{namespace:'x'}}"
            + "|spec.resourceAttributes.namespace: Invalid value: \"x\": must match"
            + " metadata.namespace",
      })
  void refusesReviewsThatMakeNoSense(
      String resource, String namespace, String spec, String message) {
    StatusException refusal =
        catchThrowableOfType(
            StatusException.class,
            () ->
                fixture.post(
                    "authorization.k8s.io/v1",
                    resource,
                    namespace == null ? "" : namespace,
                    "{spec:" + spec + "}"));
    assertThat(refusal.code()).isEqualTo(422);
    assertThat(refusal.status().path("message").asText()).endsWith(message);
  }

  @Test
  void theRolesOfARealClusterAreThere() {
    assertThat(
            fixture.server.storedAll(
                fixture
                    .server
                    .kinds()
                    .find("rbac.authorization.k8s.io", "v1", "clusterroles")
                    .orElseThrow(),
                ""))
        // Those of a cluster without alpha features, and that of device-taint-eviction.
        .hasSize(71)
        .allMatch(
            role ->
                role.path("metadata")
                    .path("labels")
                    .path("kubernetes.io/bootstrapping")
                    .asText()
                    .equals("rbac-defaults"));
  }
}
