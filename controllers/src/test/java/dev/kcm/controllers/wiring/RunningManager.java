package dev.kcm.controllers.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kcm.controllers.catalog.Catalog;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.controllers.shared.certificates.SigningRequests;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.api.Fence;
import dev.kcm.core.api.ListQuery;
import dev.kcm.core.api.Scope;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.manager.Manager;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import dev.kcm.embedded.access.AccessControl;
import dev.kcm.embedded.access.AuthorizationMode;
import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.FaultPlan;
import dev.kcm.embedded.resource.KindTable;
import dev.kcm.embedded.resource.UserInfo;
import dev.kcm.testkit.cluster.InProcessApiClient;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** Chosen controllers of the catalog on real threads against an embedded API server. */
final class RunningManager implements AutoCloseable {

  private static final Set<String> GATES = Set.of("DynamicResourceAllocation", "DRADeviceTaints");

  final FaultPlan faults = FaultPlan.create();

  private final Environment environment = Environment.system();
  private final ApiServer server =
      ApiServer.builder().kinds(KindTable.standardAndAlpha()).faults(faults).build();
  private final InProcessApiClient client = InProcessApiClient.of(server, environment);
  private final Manager manager;

  private RunningManager(CatalogConfig config, Set<String> controllers) {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    manager =
        Manager.named("test")
            .controllers(Catalog.of(config).specs())
            .selecting(spec -> controllers.contains(spec.name()))
            .clients(identity -> InProcessApiClient.of(server, environment))
            .informers(Informers.create(client, environment, meters))
            .meters(meters)
            .gates(GATES::contains)
            .create(environment);
  }

  /** A manager of these controllers, started. */
  static RunningManager of(CatalogConfig config, String... controllers) {
    RunningManager running = standing(config, controllers);
    running.start();
    return running;
  }

  /** A manager of these controllers, not started. */
  static RunningManager standing(CatalogConfig config, String... controllers) {
    return new RunningManager(config, Set.of(controllers));
  }

  /** The same, of a server that decides by RBAC what users may do. */
  static RunningManager guarded(CatalogConfig config, String... controllers) {
    RunningManager running = standing(config, controllers);
    var unused =
        AccessControl.over(running.server, tokenKeys(), AuthorizationMode.RBAC, Clock.systemUTC());
    running.start();
    return running;
  }

  private static KeyPair tokenKeys() {
    try {
      return KeyPairGenerator.getInstance("EC").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts; when it returns, what is created is news, and nothing that a dead leader left. */
  void start() {
    manager.start();
    await().until(() -> manager.notReadyBecause().isEmpty());
  }

  <T extends HasMetadata> T create(ResourceType<T> type, T object) {
    return client.create(type, object).join();
  }

  <T extends HasMetadata> T createAs(UserInfo user, ResourceType<T> type, T object) {
    try (InProcessApiClient theirs = InProcessApiClient.of(server, environment, user, Fence.OPEN)) {
      return theirs.create(type, object).join();
    }
  }

  <T extends HasMetadata> T updateStatus(ResourceType<T> type, T object) {
    return client.update(type, object, "status").join();
  }

  void approve(CertificateSigningRequest request) {
    client.update(SigningRequests.TYPE, request, "approval").join();
  }

  <T extends HasMetadata> Optional<T> get(ResourceType<T> type, String namespace, String name) {
    try {
      return Optional.of(client.get(type, new ObjectKey(namespace, name)).join());
    } catch (CompletionException e) {
      if (ApiException.errorOf(e).kind() == ApiError.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  <T extends HasMetadata> List<T> list(ResourceType<T> type, String namespace) {
    List<T> objects = new ArrayList<>();
    client.list(type, ListQuery.all(Scope.namespace(namespace)), objects::add).join();
    return objects;
  }

  void merge(ResourceType<?> type, String namespace, String name, String patch) {
    client.patch(type, new ObjectKey(namespace, name), "", PatchFormat.MERGE, patch).join();
  }

  void delete(ResourceType<?> type, String namespace, String name) {
    client.delete(type, new ObjectKey(namespace, name), DeleteOptions.DEFAULTS).join();
  }

  @Override
  public void close() {
    assertThat(manager.stop(Duration.ofSeconds(5)).join().clean()).isTrue();
    client.close();
    server.close();
  }
}
