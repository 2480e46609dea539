package dev.kcm.controllers.auth.serviceaccount;

import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.FaultyServer;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServiceAccountReconcilerTest {

  private static final List<String> MANAGED = List.of("default", "managed");

  private final ModelCluster cluster = ModelCluster.of(VirtualEnvironment.seeded(1), List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<ServiceAccountSnapshot> loop = loop();

  @Test
  @DisplayName("Active namespace, missing both managed ones: create both")
  void createsAllThatAreMissing() {
    cluster.put(namespace("shop", "Active"));
    Rehearsal run = onlyRun();
    assertThat(run).creates(2, ServiceAccount.class).ends(Verdict.DONE);
    assertThat(cluster.list(ServiceAccount.class))
        .extracting(a -> ObjectKey.of(a).toString())
        .containsExactly("shop/default", "shop/managed");
  }

  @Test
  @DisplayName("Missing one: create one")
  void createsTheOneThatIsMissing() {
    cluster.put(account("shop", "managed"));
    cluster.put(namespace("shop", "Active"));
    assertThat(onlyRun()).creates(1, ServiceAccount.class);
  }

  @Test
  @DisplayName("Complete: nothing")
  void leavesWhatIsCompleteAlone() {
    cluster.put(account("shop", "managed"));
    cluster.put(account("shop", "default"));
    cluster.put(namespace("shop", "Active"));
    assertThat(onlyRun().whole()).doesNothing();
  }

  @Test
  @DisplayName("Terminating namespace: nothing")
  void createsNothingInANamespaceOnItsWayOut() {
    cluster.put(namespace("shop", "Terminating"));
    assertThat(onlyRun().whole()).doesNothing();
  }

  @Test
  void createsNothingBeforeTheNamespaceSaysThatItIsActive() {
    cluster.put(new NamespaceBuilder().withNewMetadata().withName("shop").endMetadata().build());
    assertThat(onlyRun().whole()).doesNothing();
  }

  @Test
  @DisplayName("Account deleted, namespace unknown: nothing")
  void anUnknownNamespaceIsLeftAlone() {
    cluster.put(account("shop", "default"));
    caches.catchUp();
    cluster.remove(account("shop", "default"));
    assertThat(onlyRun().whole()).doesNothing();
  }

  @Test
  @DisplayName("Account deleted in an active namespace: created again; terminating: nothing")
  void replacesADeletedAccountOnlyWhileTheNamespaceIsActive() {
    assertThat(afterDeletionOf("default", "Active")).creates(1, ServiceAccount.class);
    assertThat(afterDeletionOf("default", "Terminating").whole()).doesNothing();
  }

  @Test
  @DisplayName("Unmanaged account deleted in an active namespace: managed ones ensured")
  void anyDeletionWakesTheNamespace() {
    assertThat(afterDeletionOf("other", "Active").whole()).doesNothing();
  }

  @Test
  void addedAndChangedAccountsWakeNobody() {
    cluster.put(account("shop", "default"));
    cluster.put(account("shop", "default"));
    caches.catchUp();
    assertThat(loop.takeQueued()).isEmpty();
  }

  @Test
  void whatIsThereAlreadyOrGoingIsNoFailure() {
    cluster.put(namespace("shop", "Active"));
    caches.catchUp();
    cluster.put(account("shop", "default"));
    assertThat(loop.run(new ObjectKey("", "shop"))).ends(Verdict.DONE);
    cluster.terminateNamespace("shop");
    assertThat(loop.run(new ObjectKey("", "shop"))).ends(Verdict.DONE);
  }

  @Test
  @DisplayName("Other errors are aggregated and lead to a retry")
  void tellsAllOtherErrors() {
    cluster.put(namespace("shop", "Active"));
    caches.catchUp();
    FaultyServer server =
        FaultyServer.before(cluster)
            .rejectOnly(Action.Create.class, 1, ApiError.of(ApiError.Kind.FORBIDDEN, 403, "no"))
            .rejectOnly(Action.Create.class, 2, ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "x"));
    assertThat(loop.run(new ObjectKey("", "shop"), server)).retriesBecause("[no, x]");
  }

  private Rehearsal afterDeletionOf(String name, String phase) {
    cluster.put(account("shop", "default"));
    cluster.put(account("shop", "managed"));
    cluster.put(account("shop", "other"));
    cluster.put(namespace("shop", phase));
    caches.catchUp();
    List<ObjectKey> unused = loop.takeQueued();
    cluster.remove(account("shop", name));
    return onlyRun();
  }

  private Rehearsal onlyRun() {
    caches.catchUp();
    assertThat(loop.takeQueued()).containsExactly(new ObjectKey("", "shop"));
    return loop.run(new ObjectKey("", "shop"));
  }

  private ModelLoop<ServiceAccountSnapshot> loop() {
    return wire(caches, MANAGED);
  }

  static ModelLoop<ServiceAccountSnapshot> wire(ModelCaches caches, List<String> managed) {
    var namespaces = caches.informer(Kinds.NAMESPACES);
    var accounts = caches.informer(Kinds.SERVICE_ACCOUNTS);
    return ModelLoop.<ServiceAccountSnapshot>over(caches)
        .on(namespaces, Enqueue.self())
        .on(accounts, new DeletedAccountMapper())
        .reading(new ServiceAccountReader(managed, namespaces.lister(), accounts.lister()))
        .deciding(new ServiceAccountReconciler());
  }

  static Namespace namespace(String name, String phase) {
    return new NamespaceBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }

  static ServiceAccount account(String namespace, String name) {
    return new ServiceAccountBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .build();
  }
}
