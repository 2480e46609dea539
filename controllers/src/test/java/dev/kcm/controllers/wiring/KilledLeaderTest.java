package dev.kcm.controllers.wiring;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.auth.rootca.RootCaConfig;
import dev.kcm.controllers.auth.serviceaccounttoken.ServiceAccountTokenConfig;
import dev.kcm.controllers.catalog.Catalog;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.node.podgc.PodGcConfig;
import dev.kcm.controllers.shared.bootstraptokens.TestToken;
import dev.kcm.controllers.shared.certificates.Signer;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.controllers.shared.certificates.TestCsr;
import dev.kcm.controllers.shared.pki.TestPki;
import dev.kcm.core.api.Fence;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.manager.Manager;
import dev.kcm.embedded.access.AccessControl;
import dev.kcm.embedded.access.AuthorizationMode;
import dev.kcm.embedded.resource.UserInfo;
import dev.kcm.testkit.cluster.InProcessApiClient;
import dev.kcm.testkit.cluster.TestCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
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
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader is killed at random points while a cluster lives: nodes join, services come and go, a
 * namespace is deleted. Another takes over. In the end all is as if nobody had died. On virtual
 * time; a failure prints its seed.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class KilledLeaderTest {

  private static final int SEEDS = 10;
  private static final Duration TAKE_OVER = Duration.ofSeconds(15);
  private static final int FINISHED_PODS = 10;

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
                    Map.of(
                        Signer.KUBELET_CLIENT, TestPki.files(directory),
                        Signer.KUBELET_SERVING, TestPki.files(directory)),
                    CsrSigningConfig.DEFAULT_LONGEST))
            .podGc(new PodGcConfig(FINISHED_PODS))
            .build();
  }

  @Test
  @DisplayName(
      "F1, F2, F3, F4, F5, F6, F7, H3, H4, H6, H7 killing the leader at random points ends in the"
          + " same final state")
  void whoeverDiesWhenTheEndIsTheSame() {
    Set<String> undisturbed = live(1, 0);
    assertThat(undisturbed)
        .contains(
            "namespace default Active",
            "replicationcontroller web 3/3",
            "endpoints web 3 ready, 0 not",
            "endpointslice web 3 ready, 0 not",
            "csr client approved, issued",
            "csr joining approved, issued",
            "csr serving pending",
            "csr serving-approved approved, issued",
            "csr without-files approved",
            "service balanced []",
            "finished pods: [done-10, done-11, done-12, done-3, done-4, done-5, done-6, done-7,"
                + " done-8, done-9]",
            "secret token: [ca.crt, namespace, token]")
        .noneMatch(line -> line.contains("shop") || line.contains("old"))
        .noneMatch(line -> line.contains("bootstrap-token-dead00"))
        .anyMatch(line -> line.startsWith("secret bootstrap-token-abc123"))
        .anyMatch(line -> line.contains("cluster-info") && line.contains("jws-kubeconfig-abc123"));
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
      // For access reviews, and the rights of those who join.
      var unused =
          AccessControl.over(
              cluster.server(), tokenKeys(), AuthorizationMode.RBAC, Clock.systemUTC());
      cluster.create(joinersMayJoin());
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
    approve(cluster, cluster.create(bare(TestCsr.named("client").build())));
    join(cluster, TestCsr.named("joining"));
    cluster.create(serving("serving"));
    approve(cluster, cluster.create(serving("serving-approved")));
    approve(
        cluster,
        cluster.create(
            bare(TestCsr.named("without-files").signer(Signer.API_CLIENT.signerName()).build())));
    Instant soon = cluster.environment().wallClock().now().plusSeconds(12);
    cluster.create(bare(TestToken.of("dead00").expiring(soon).build()));
    cluster.create(
        new ServiceBuilder(service("balanced"))
            .editSpec()
            .withType("LoadBalancer")
            .withSelector(Map.of("app", "balanced"))
            .endSpec()
            .build());
    for (int i = 0; i < FINISHED_PODS + 3; i++) {
      if (i == 3) {
        // The first three are older.
        cluster.advance(Duration.ofSeconds(1));
      }
      finishPod(cluster, "done-" + i);
    }
  }

  private static CertificateSigningRequest serving(String name) {
    return bare(
        TestCsr.named(name)
            .signer(Signer.KUBELET_SERVING.signerName())
            .request(TestCsr.SERVING)
            .usages("digital signature", "key encipherment", "server auth")
            .build());
  }

  /** As a kubelet does that has nothing but a bootstrap token. */
  private static void join(TestCluster cluster, TestCsr request) {
    UserInfo joiner =
        new UserInfo(
            "system:bootstrap:abc123",
            "",
            List.of("system:bootstrappers", "system:authenticated"),
            Map.of());
    try (InProcessApiClient theirs =
        InProcessApiClient.of(cluster.server(), cluster.environment(), joiner, Fence.OPEN)) {
      CertificateSigningRequest created =
          cluster.await(theirs.create(SigningRequests.TYPE, bare(request.build())));
      assertThat(created.getSpec().getUsername()).isEqualTo("system:bootstrap:abc123");
    }
  }

  private static ClusterRoleBinding joinersMayJoin() {
    return new ClusterRoleBindingBuilder()
        .withNewMetadata()
        .withName("joiners")
        .endMetadata()
        .withNewRoleRef(
            "rbac.authorization.k8s.io",
            "ClusterRole",
            "system:certificates.k8s.io:certificatesigningrequests:nodeclient")
        .addNewSubject("rbac.authorization.k8s.io", "Group", "system:bootstrappers", null)
        .build();
  }

  /** A pod that nobody places, so that no kubelet has a say in it. */
  private static void finishPod(TestCluster cluster, String name) {
    Pod pod =
        cluster.create(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withSchedulerName("nobody")
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .endContainer()
                .endSpec()
                .build());
    cluster.updateStatus(
        new PodBuilder(pod).withNewStatus().withPhase("Succeeded").endStatus().build());
  }

  /** Unless the controller was faster: the administrator may do what it asks for. */
  private static void approve(TestCluster cluster, CertificateSigningRequest request) {
    CertificateSigningRequest now = cluster.get(CertificateSigningRequest.class, "", name(request));
    if (!SigningRequests.isApproved(now)) {
      cluster.await(cluster.client().update(SigningRequests.TYPE, approved(now), "approval"));
    }
  }

  private static KeyPair tokenKeys() {
    try {
      return KeyPairGenerator.getInstance("EC").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
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
    for (Service service : cluster.list(Service.class)) {
      if (service.getSpec().getType().equals("LoadBalancer")) {
        lines.add(
            "service " + name(service) + " " + service.getStatus().getLoadBalancer().getIngress());
      }
    }
    lines.add(
        "finished pods: "
            + cluster.list(Pod.class).stream()
                .filter(pod -> pod.getStatus().getPhase().equals("Succeeded"))
                .map(KilledLeaderTest::name)
                .collect(toCollection(TreeSet::new)));
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
