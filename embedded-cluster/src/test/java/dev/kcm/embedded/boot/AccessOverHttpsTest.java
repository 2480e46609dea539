package dev.kcm.embedded.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kcm.embedded.access.AuthorizationMode;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A16 tokens and roles over HTTPS")
class AccessOverHttpsTest {

  private static EmbeddedCluster cluster;
  private static KubernetesClient admin;

  @BeforeAll
  static void start() throws IOException {
    cluster = EmbeddedCluster.builder().nodes(0).authorization(AuthorizationMode.RBAC).start();
    admin = client(Config.fromKubeconfig(cluster.adminKubeconfig()));
    admin
        .serviceAccounts()
        .inNamespace("kube-system")
        .resource(
            new io.fabric8.kubernetes.api.model.ServiceAccountBuilder()
                .withNewMetadata()
                .withName("replicaset-controller")
                .endMetadata()
                .build())
        .create();
  }

  @AfterAll
  static void stop() {
    admin.close();
    cluster.close();
  }

  private static KubernetesClient client(Config config) {
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static KubernetesClient bearer(String token) {
    Config config = Config.fromKubeconfig(cluster.adminKubeconfig());
    config.setClientCertData(null);
    config.setClientKeyData(null);
    config.setOauthToken(token);
    return client(config);
  }

  @Test
  void aTokenActsWithTheRightsOfItsAccount() {
    String token =
        admin
            .serviceAccounts()
            .inNamespace("kube-system")
            .withName("replicaset-controller")
            .tokenRequest(new TokenRequest())
            .getStatus()
            .getToken();
    try (KubernetesClient client = bearer(token)) {
      assertThat(client.apps().replicaSets().inAnyNamespace().list().getItems()).isEmpty();
      KubernetesClientException refusal =
          catchThrowableOfType(
              KubernetesClientException.class,
              () -> client.secrets().inNamespace("default").list());
      assertThat(refusal.getStatus().getMessage())
          .isEqualTo(
              "secrets is forbidden: User \"system:serviceaccount:kube-system:replicaset-controller\""
                  + " cannot list resource \"secrets\" in API group \"\" in the namespace"
                  + " \"default\"");
    }
  }

  @Test
  void aTokenNobodyIssuedIsRefused() {
    try (KubernetesClient client = bearer("a.b.c")) {
      KubernetesClientException refusal =
          catchThrowableOfType(
              KubernetesClientException.class, () -> client.pods().inNamespace("default").list());
      assertThat(refusal.getCode()).isEqualTo(401);
    }
  }

  @Test
  void impersonationNeedsTheRightForEachHeader() {
    Config config = Config.fromKubeconfig(cluster.controllerManagerKubeconfig());
    config.setImpersonateUsername("alice");
    try (KubernetesClient client = client(config)) {
      KubernetesClientException refusal =
          catchThrowableOfType(
              KubernetesClientException.class, () -> client.pods().inNamespace("default").list());
      assertThat(refusal.getStatus().getMessage())
          .isEqualTo(
              "users \"alice\" is forbidden: User \"system:kube-controller-manager\" cannot"
                  + " impersonate resource \"users\" in API group \"\" at the cluster scope");
    }
  }
}
