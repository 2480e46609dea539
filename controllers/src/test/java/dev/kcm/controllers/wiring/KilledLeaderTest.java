package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.auth.rootca.RootCaConfig;
import dev.kcm.controllers.auth.serviceaccounttoken.ServiceAccountTokenConfig;
import dev.kcm.controllers.catalog.Catalog;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.shared.bootstraptokens.TestToken;
import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.certificates.TestCsr;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.api.Fence;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestConditionBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader is killed at random points while a cluster lives: nodes join, services come and go, a
 * namespace is deleted. Another takes over. In the end all is as if nobody had died. On virtual
 * time; a failure prints its seed.
 */
class KilledLeaderTest {

  private static final int SEEDS = 12;
  private static final Duration TAKE_OVER = Duration.ofSeconds(15);

  /** What takes part: everything but what only looks at clocks of nodes. */
  private static final Set<String> LEFT_OUT =
      Set.of("node-lifecycle-controller", "node-ipam-controller", "taint-eviction-controller");

  @TempDir private Path directory;
  private CatalogConfig config;

  @BeforeEach
  void configure() {
    config =
        CatalogConfig.builder()
            .rootCa(new RootCaConfig("certificates"))
            .serviceAccountToken(
                new ServiceAccountTokenConfig(2, TestPki.signingKey(), "certificates"))
            .csrSigning(
                new CsrSigningConfig(
                    Map.of(Signer.KUBELET_CLIENT, TestPki.files(directory)),
                    CsrSigningConfig.DEFAULT_LONGEST))
            .build();
  }

  @Test
  @DisplayName("Killing the leader at random points ends in the same final state")
  void whoeverDiesWhenTheEndIsTheSame() {
    Set<String> undisturbed = live(1, 0);
    assertThat(undisturbed)
        .contains(
            "namespace default Active",
            "replicationcontroller web 3/3",
            "endpoints web 3 ready, 0 not",
            "endpointslice web 3 ready, 0 not",
            "csr client approved, issued",
            "secret token: [ca.crt, namespace, token]")
        .noneMatch(line -> line.contains("shop") || line.contains("old"));
    for (long seed = 1; seed <= SEEDS; seed++) {
      assertThat(live(seed, 1 + new Random(seed).nextInt(3)))
          .as("seed %d", seed)
          .isEqualTo(undisturbed);
    }
  }

  /** The whole story; leaders die so often. */
  private Set<String> live(long seed, int kills) {
    Random random = new Random(seed);
    try (TestCluster cluster = TestCluster.builder().seed(seed).nodes(2).unguarded().start()) {
      Leader leader = new Leader(cluster);
      begin(cluster);
      int left = kills;
      for (int moment = 0; moment < 10; moment++) {
        if (moment == 4) {
          change(cluster);
        }
        cluster.advance(Duration.ofMillis(random.nextInt(2000)));
        if (left > 0 && random.nextInt(10 - moment) < left) {
          left--;
          leader.kill();
          cluster.advance(TAKE_OVER);
          leader = new Leader(cluster);
        }
      }
      cluster.advance(Duration.ofMinutes(2));
      Set<String> end = state(cluster);
      leader.kill();
      cluster.advance(Duration.ofSeconds(10));
      return end;
    }
  }

  private static void begin(TestCluster cluster) {
    cluster.create(namespace("shop"));
    cluster.create(map("shop", "stock", Map.of()));
    cluster.create(map("kube-public", "cluster-info", Map.of("kubeconfig", "payload")));
    cluster.create(bare(TestToken.of("abc123").build()));
    cluster.create(controller());
    cluster.create(service("web"));
    cluster.create(service("old"));
    cluster.create(account("till"));
    cluster.create(tokenSecret("token", "till"));
    cluster.create(account("gone"));
    cluster.create(tokenSecret("orphan", "gone"));
    CertificateSigningRequest request = cluster.create(bare(TestCsr.named("client").build()));
    cluster.await(cluster.client().update(SigningRequests.TYPE, approved(request), "approval"));
  }

  private static CertificateSigningRequest approved(CertificateSigningRequest request) {
    return SigningRequests.with(
        request,
        new CertificateSigningRequestConditionBuilder()
            .withType("Approved")
            .withStatus("True")
            .withReason("Test")
            .build());
  }

  private static void change(TestCluster cluster) {
    cluster.delete(cluster.get(Namespace.class, "", "shop"));
    cluster.delete(cluster.get(Service.class, "default", "old"));
    cluster.delete(cluster.get(ServiceAccount.class, "default", "gone"));
    cluster.edit(
        ReplicationController.class,
        "default",
        "web",
        rc -> new ReplicationControllerBuilder(rc).editSpec().withReplicas(3).endSpec().build());
  }

  private static Set<String> state(TestCluster cluster) {
    Set<String> lines = new TreeSet<>();
    for (Namespace namespace : cluster.list(Namespace.class)) {
      lines.add("namespace " + name(namespace) + " " + namespace.getStatus().getPhase());
    }
    for (ReplicationController rc : cluster.list(ReplicationController.class)) {
      lines.add(
          "replicationcontroller %s %d/%d"
              .formatted(
                  name(rc), rc.getStatus().getReplicas(), rc.getStatus().getReadyReplicas()));
    }
    for (Endpoints endpoints : cluster.list(Endpoints.class)) {
      int ready = 0;
      int not = 0;
      for (var subset : endpoints.getSubsets()) {
        ready += subset.getAddresses().size();
        not += subset.getNotReadyAddresses().size();
      }
      lines.add("endpoints %s %d ready, %d not".formatted(name(endpoints), ready, not));
    }
    for (EndpointSlice slice : cluster.list(EndpointSlice.class)) {
      String service = slice.getMetadata().getLabels().get("kubernetes.io/service-name");
      long ready = slice.getEndpoints().stream().filter(e -> e.getConditions().getReady()).count();
      if (!service.equals("old")) {
        // Those of a deleted service are the garbage collector's.
        lines.add(
            "endpointslice %s %d ready, %d not"
                .formatted(service, ready, slice.getEndpoints().size() - ready));
      }
    }
    for (CertificateSigningRequest request : cluster.list(CertificateSigningRequest.class)) {
      lines.add(
          "csr %s %s%s"
              .formatted(
                  name(request),
                  SigningRequests.isApproved(request) ? "approved" : "pending",
                  SigningRequests.isIssued(request) ? ", issued" : ""));
    }
    for (Secret secret : cluster.list(Secret.class)) {
      lines.add("secret " + name(secret) + ": " + new TreeSet<>(secret.getData().keySet()));
    }
    for (ConfigMap map : cluster.list(ConfigMap.class)) {
      lines.add("configmap " + map.getMetadata().getNamespace() + " " + name(map) + map.getData());
    }
    for (ServiceAccount account : cluster.list(ServiceAccount.class)) {
      lines.add("serviceaccount " + account.getMetadata().getNamespace() + " " + name(account));
    }
    return lines;
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  /** A leader's term in a process that can be killed. Confined to the thread of the test. */
  private final class Leader {

    private final Manager manager;
    private boolean dead;

    private Leader(TestCluster cluster) {
      Fence alive = () -> dead ? Optional.of("killed") : Optional.empty();
      ControllerSpec[] specs =
          Catalog.of(config).specs().stream()
              .filter(spec -> !LEFT_OUT.contains(spec.name()))
              .toArray(ControllerSpec[]::new);
      manager =
          cluster
              .manager(specs)
              .clients(identity -> cluster.client(identity, alive))
              .fence(alive)
              .create(cluster.environment());
      manager.start();
    }

    /** No write leaves from now on. */
    private void kill() {
      dead = true;
      manager.cancel();
      var unused = manager.stop(Duration.ZERO);
    }
  }

  private static Namespace namespace(String name) {
    return new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build();
  }

  private static ConfigMap map(String namespace, String name, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withData(data)
        .build();
  }

  private static Service service(String name) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withSelector(Map.of("app", "web"))
        .addNewPort()
        .withPort(80)
        .endPort()
        .endSpec()
        .build();
  }

  private static ReplicationController controller() {
    return new ReplicationControllerBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName("web")
        .endMetadata()
        .withNewSpec()
        .withReplicas(5)
        .withSelector(Map.of("app", "web"))
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Map.of("app", "web"))
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("c")
        .withImage("i")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private static ServiceAccount account(String name) {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .endMetadata()
        .build();
  }

  private static Secret tokenSecret(String name, String account) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .addToAnnotations("kubernetes.io/service-account.name", account)
        .endMetadata()
        .withType("kubernetes.io/service-account-token")
        .build();
  }

  /** Without what the server gives. */
  private static <T extends HasMetadata> T bare(T object) {
    object.getMetadata().setUid(null);
    object.getMetadata().setResourceVersion(null);
    object.getMetadata().setCreationTimestamp(null);
    return object;
  }
}
