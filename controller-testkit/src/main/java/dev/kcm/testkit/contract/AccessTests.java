package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kcm.testkit.contract.ContractServer.Capability;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who asks, and whether they may. Confined to the test's thread. */
abstract class AccessTests extends ContractTests {

  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
  private static final String SELF = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

  AccessTests(ApiServerContract contract) {
    super(contract);
  }

  private Answer asToken(String token, String path) {
    return Api.anonymous(kubeconfig).get(path, "Authorization", "Bearer " + token);
  }

  private Answer whoIs(String token) {
    return Api.anonymous(kubeconfig).post(SELF, "{}", "Authorization", "Bearer " + token);
  }

  @Test
  @DisplayName("A16.1 the administrator is known by a certificate and may do everything")
  void knowsTheAdministrator() {
    JsonNode user = api.create(SELF, "{}").at("/status/userInfo");
    assertThat(Api.strings(user.path("groups"))).contains("system:masters", "system:authenticated");
    Answer review =
        api.create(
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            "{spec:{resourceAttributes:{verb:'*',resource:'*',group:'*'}}}");
    assertThat(review.at("/status/allowed").asBoolean()).isTrue();
  }

  @Test
  @DisplayName("A16.4 without credentials one is anonymous, with wrong ones nobody")
  void tellsAnonymousFromUnknown() {
    Api anonymous = Api.anonymous(kubeconfig);
    anonymous.get("/version").is(200);
    anonymous.get("/healthz").is(200);
    assertThat(anonymous.get(core("secrets")).isRefusal(403, "Forbidden").message())
        .contains("User \"system:anonymous\" cannot list resource \"secrets\"");
    Answer unknown = asToken("nonsense", core("secrets")).isRefusal(401, "Unauthorized");
    assertThat(unknown.message()).isEqualTo("Unauthorized");
  }

  @Test
  @DisplayName(
      "A16.2, A18.12 the token of a service account is its identity while the account exists")
  void knowsServiceAccounts() {
    String token =
        api.create(core("serviceaccounts/default/token"), "{spec:{}}").text("/status/token");
    JsonNode user = whoIs(token).is(201).at("/status/userInfo");
    assertThat(user.path("username").asText())
        .isEqualTo("system:serviceaccount:" + ns + ":default");
    assertThat(Api.strings(user.path("groups")))
        .containsExactlyInAnyOrder(
            "system:serviceaccounts", "system:serviceaccounts:" + ns, "system:authenticated");
    asToken(token, core("secrets")).isRefusal(403, "Forbidden");
    Answer review =
        api.create("/apis/authentication.k8s.io/v1/tokenreviews", "{spec:{token:'" + token + "'}}");
    assertThat(review.at("/status/authenticated").asBoolean()).isTrue();
    assertThat(review.text("/status/user/username"))
        .isEqualTo("system:serviceaccount:" + ns + ":default");
  }

  @Test
  @DisplayName("A16.5 a review of an unknown token says so, an empty one is a bad request")
  void reviewsTokens() {
    Answer review = api.create("/apis/authentication.k8s.io/v1/tokenreviews", "{spec:{token:'x'}}");
    assertThat(review.at("/status/authenticated").asBoolean()).isFalse();
    assertThat(
            api.post("/apis/authentication.k8s.io/v1/tokenreviews", "{spec:{}}")
                .isRefusal(400, "BadRequest")
                .message())
        .contains("token is required for TokenReview in authentication");
  }

  @Test
  @DisplayName("A16.3 bootstrap tokens are secrets of a certain form")
  void knowsBootstrapTokens() {
    needs(Capability.BOOTSTRAP_TOKENS);
    bootstrapToken("abcdef");
    JsonNode user = whoIs("abcdef.0123456789abcdef").is(201).at("/status/userInfo");
    assertThat(user.path("username").asText()).isEqualTo("system:bootstrap:abcdef");
    assertThat(Api.strings(user.path("groups")))
        .contains("system:bootstrappers", "system:bootstrappers:x");
    asToken("abcdef.0123456789abcdee", "/version").isRefusal(401, "Unauthorized");
    // A token that was good may be remembered for ten seconds, so this one is shown only once.
    bootstrapToken("ghijkl");
    api.delete("/api/v1/namespaces/kube-system/secrets/bootstrap-token-ghijkl").is(200);
    asToken("ghijkl.0123456789abcdef", "/version").isRefusal(401, "Unauthorized");
  }

  private void bootstrapToken(String id) {
    String expiry = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS).toString();
    api.create(
        "/api/v1/namespaces/kube-system/secrets",
        "{metadata:{name:'bootstrap-token-"
            + id
            + "'},type:'bootstrap.kubernetes.io/token',stringData:{'token-id':'"
            + id
            + "','token-secret':'0123456789abcdef','usage-bootstrap-authentication':'true',"
            + "expiration:'"
            + expiry
            + "','auth-extra-groups':'system:bootstrappers:x'}}");
  }

  @Test
  @DisplayName("A16.7 roles allow, bindings give them, in a namespace or everywhere")
  void allowsByRoles() {
    String user = "user-" + ns;
    api.create(
        in("rbac.authorization.k8s.io/v1", "roles"),
        "{metadata:{name:'r'},rules:[{apiGroups:[''],resources:['secrets'],verbs:['list']},"
            + "{apiGroups:[''],resources:['configmaps'],resourceNames:['a'],"
            + "verbs:['get','list','watch']}]}");
    api.create(
        in("rbac.authorization.k8s.io/v1", "rolebindings"),
        "{metadata:{name:'r'},roleRef:{apiGroup:'rbac.authorization.k8s.io',kind:'Role',name:'r'},"
            + "subjects:[{kind:'User',apiGroup:'rbac.authorization.k8s.io',name:'"
            + user
            + "'}]}");
    allowed(user, "list", "", "secrets", "", true);
    allowed(user, "get", "", "secrets", "", false);
    allowed(user, "get", "", "configmaps", "a", true);
    allowed(user, "get", "", "configmaps", "b", false);
    api.get(core("secrets"), Api.as(user)).is(200);
    api.get("/api/v1/secrets", Api.as(user)).isRefusal(403, "Forbidden");
    api.get(core("secrets/a"), Api.as(user)).isRefusal(403, "Forbidden");
    api.get(core("configmaps?fieldSelector=metadata.name%3Da"), Api.as(user)).is(200);
    api.get(core("configmaps?fieldSelector=metadata.name%3Db"), Api.as(user))
        .isRefusal(403, "Forbidden");
    api.get(core("configmaps"), Api.as(user)).isRefusal(403, "Forbidden");
  }

  @Test
  @DisplayName("A16.7 wildcards: subresources, groups, verbs and paths")
  void allowsByWildcards() {
    String user = "user-" + ns;
    api.create(
        RBAC + "clusterroles",
        "{metadata:{name:'"
            + ns
            + "'},rules:[{apiGroups:['*'],resources:['*/scale'],verbs:['get']},"
            + "{apiGroups:['apps'],resources:['deployments'],verbs:['*']},"
            + "{nonResourceURLs:['/metrics/*'],verbs:['get']}]}");
    api.create(
        RBAC + "clusterrolebindings",
        "{metadata:{name:'"
            + ns
            + "'},roleRef:{apiGroup:'rbac.authorization.k8s.io',kind:'ClusterRole',name:'"
            + ns
            + "'},subjects:[{kind:'User',apiGroup:'rbac.authorization.k8s.io',name:'"
            + user
            + "'}]}");
    allowed(user, "get", "apps", "replicasets/scale", "", true);
    allowed(user, "update", "apps", "replicasets/scale", "", false);
    allowed(user, "deletecollection", "apps", "deployments", "", true);
    allowed(user, "get", "apps", "deployments/status", "", false);
    Answer path =
        api.create(
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            "{spec:{user:'" + user + "',nonResourceAttributes:{path:'/metrics/slis',verb:'get'}}}");
    assertThat(path.at("/status/allowed").asBoolean()).isTrue();
    assertThat(path.text("/status/reason")).startsWith("RBAC: allowed by ClusterRoleBinding");
  }

  private void allowed(
      String user, String verb, String group, String resource, String name, boolean expected) {
    String[] parts = (resource + "/").split("/", -1);
    Answer review =
        api.create(
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            "{spec:{user:'"
                + user
                + "',resourceAttributes:{namespace:'"
                + ns
                + "',verb:'"
                + verb
                + "',group:'"
                + group
                + "',resource:'"
                + parts[0]
                + "',subresource:'"
                + parts[1]
                + "',name:'"
                + name
                + "'}}}");
    assertThat(review.at("/status/allowed").asBoolean())
        .as("%s %s %s", verb, resource, name)
        .isEqualTo(expected);
  }

  @Test
  @DisplayName("A16.4 who impersonates needs the right to, and becomes the other")
  void impersonates() {
    Answer self =
        api.post(
            SELF,
            "{}",
            "Impersonate-User",
            "bob",
            "Impersonate-Group",
            "g",
            "Impersonate-Extra-Scopes",
            "s");
    JsonNode user = self.is(201).at("/status/userInfo");
    assertThat(user.path("username").asText()).isEqualTo("bob");
    assertThat(Api.strings(user.path("groups"))).containsExactly("g", "system:authenticated");
    assertThat(user.at("/extra/scopes/0").asText()).isEqualTo("s");
    String token =
        api.create(core("serviceaccounts/default/token"), "{spec:{}}").text("/status/token");
    Answer refusal =
        Api.anonymous(kubeconfig)
            .get("/version", "Authorization", "Bearer " + token, "Impersonate-User", "bob");
    assertThat(refusal.isRefusal(403, "Forbidden").message())
        .contains("cannot impersonate resource \"users\"");
  }

  @Test
  @DisplayName("A16.8 the bootstrap roles and bindings are there")
  void hasItsRoles() {
    for (String role :
        List.of(
            "cluster-admin",
            "admin",
            "edit",
            "view",
            "system:discovery",
            "system:basic-user",
            "system:public-info-viewer",
            "system:kube-controller-manager",
            "system:kube-scheduler",
            "system:node",
            "system:auth-delegator",
            "system:controller:replicaset-controller",
            "system:controller:generic-garbage-collector",
            "system:controller:namespace-controller")) {
      Answer found = api.get(RBAC + "clusterroles/" + role).is(200);
      assertThat(found.text("/metadata/labels/kubernetes.io~1bootstrapping"))
          .as(role)
          .isEqualTo("rbac-defaults");
    }
    for (String binding :
        List.of(
            "cluster-admin",
            "system:discovery",
            "system:kube-controller-manager",
            "system:controller:replicaset-controller")) {
      api.get(RBAC + "clusterrolebindings/" + binding).is(200);
    }
    for (String role :
        List.of(
            "extension-apiserver-authentication-reader",
            "system:controller:token-cleaner",
            "system::leader-locking-kube-controller-manager")) {
      api.get(RBAC + "namespaces/kube-system/roles/" + role).is(200);
    }
  }

  @Test
  @DisplayName("A16.9 the controller manager may do what its role says")
  void givesTheManagerItsRights() {
    String[] manager = Api.as("system:kube-controller-manager");
    api.get("/api/v1/pods", manager).is(200);
    api.get("/apis/apps/v1/deployments", manager).is(200);
    api.post(
            "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases",
            "{metadata:{name:'" + ns + "'}}",
            manager)
        .is(201);
    api.post(core("pods"), pod("p"), manager).isRefusal(403, "Forbidden");
  }

  @Test
  @DisplayName("A16.6 what delegated authentication needs is published")
  void publishesAuthentication() {
    Answer map =
        api.get("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication");
    assertThat(map.is(200).text("/data/client-ca-file")).startsWith("-----BEGIN CERTIFICATE-----");
  }

  @Test
  @DisplayName("A16.7 nobody gives away rights they do not have")
  void refusesEscalation() {
    String user = "user-" + ns;
    api.create(
        in("rbac.authorization.k8s.io/v1", "roles"),
        "{metadata:{name:'r'},rules:[{apiGroups:['rbac.authorization.k8s.io'],"
            + "resources:['roles','rolebindings'],verbs:['create']}]}");
    api.create(
        in("rbac.authorization.k8s.io/v1", "rolebindings"),
        "{metadata:{name:'r'},roleRef:{apiGroup:'rbac.authorization.k8s.io',kind:'Role',name:'r'},"
            + "subjects:[{kind:'User',apiGroup:'rbac.authorization.k8s.io',name:'"
            + user
            + "'}]}");
    Answer refusal =
        api.post(
            in("rbac.authorization.k8s.io/v1", "roles"),
            "{metadata:{name:'s'},rules:[{apiGroups:[''],resources:['secrets'],verbs:['get']}]}",
            Api.as(user));
    assertThat(refusal.isRefusal(403, "Forbidden").message())
        .contains("is attempting to grant RBAC permissions not currently held");
    api.post(
            in("rbac.authorization.k8s.io/v1", "rolebindings"),
            "{metadata:{name:'s'},roleRef:{apiGroup:'rbac.authorization.k8s.io',"
                + "kind:'ClusterRole',name:'cluster-admin'},subjects:[]}",
            Api.as(user))
        .isRefusal(403, "Forbidden");
  }

  @Test
  @DisplayName("A16.10 each controller has a role of its own, bound to its account")
  void hasARoleForEachController() {
    for (String controller :
        List.of(
            "attachdetach-controller",
            "certificate-controller",
            "clusterrole-aggregation-controller",
            "cronjob-controller",
            "daemon-set-controller",
            "deployment-controller",
            "disruption-controller",
            "endpoint-controller",
            "endpointslice-controller",
            "endpointslicemirroring-controller",
            "ephemeral-volume-controller",
            "expand-controller",
            "generic-garbage-collector",
            "horizontal-pod-autoscaler",
            "job-controller",
            "legacy-service-account-token-cleaner",
            "namespace-controller",
            "node-controller",
            "persistent-volume-binder",
            "pod-garbage-collector",
            "pv-protection-controller",
            "pvc-protection-controller",
            "replicaset-controller",
            "replication-controller",
            "resourcequota-controller",
            "root-ca-cert-publisher",
            "route-controller",
            "service-account-controller",
            "service-cidrs-controller",
            "service-controller",
            "statefulset-controller",
            "ttl-after-finished-controller",
            "ttl-controller",
            "validatingadmissionpolicy-status-controller")) {
      String name = "system:controller:" + controller;
      assertThat(api.get(RBAC + "clusterroles/" + name).is(200).at("/rules").isEmpty())
          .as(name)
          .isFalse();
      Answer binding = api.get(RBAC + "clusterrolebindings/" + name).is(200);
      assertThat(binding.text("/roleRef/name")).isEqualTo(name);
      assertThat(binding.text("/subjects/0/name")).isEqualTo(controller);
      assertThat(binding.text("/subjects/0/namespace")).isEqualTo("kube-system");
    }
    String[] jobs = Api.as("system:serviceaccount:kube-system:job-controller");
    api.post(core("pods"), pod("p"), jobs).is(201);
    api.post(core("secrets"), named("s"), jobs).isRefusal(403, "Forbidden");
  }
}
