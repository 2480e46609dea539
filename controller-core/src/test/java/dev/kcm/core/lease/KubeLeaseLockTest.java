package dev.kcm.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.api.WatchListener;
import dev.kcm.core.api.WatchQuery;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A lease on an API server: its requests, its watch, its text. */
final class KubeLeaseLockTest {

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final WatchedApi api = new WatchedApi();
  private final LeaseLock lock = KubeLeaseLock.of(api, environment, LeaseServer.KEY);
  private final List<String> told = new ArrayList<>();
  private final LeaseLock.Observer observer =
      new LeaseLock.Observer() {
        @Override
        public void changed(LeaseRecord record) {
          told.add("changed to " + record.holder());
        }

        @Override
        public void deleted() {
          told.add("deleted");
        }
      };

  @Test
  void sendsItsRequestsToLeases() {
    Lease lease = lease("kube-controller-manager", "a");
    assertThat(lock.get()).isNotDone();
    assertThat(lock.create(lease)).isCompletedWithValue(lease);
    assertThat(lock.update(lease)).isCompletedWithValue(lease);
    String name = "leases.coordination.k8s.io kube-system/kube-controller-manager";
    assertThat(api.requests).containsExactly("get " + name, "create " + name, "update " + name);
  }

  @Test
  void watchesTheOneLease() {
    lock.watch(observer);
    environment.run();
    WatchQuery query = api.queries.get(0);
    assertThat(query.scope().namespace()).isEqualTo("kube-system");
    assertThat(query.scope().fieldSelector()).isEqualTo("metadata.name=kube-controller-manager");
    assertThat(query.timeout()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
    WatchListener<Lease> listener = api.listeners.get(0);
    listener.opened();
    listener.event(WatchListener.Type.ADDED, lease("kube-controller-manager", "a"));
    listener.event(WatchListener.Type.MODIFIED, lease("kube-scheduler", "z"));
    listener.event(WatchListener.Type.MODIFIED, lease("kube-controller-manager", ""));
    listener.event(WatchListener.Type.DELETED, lease("kube-controller-manager", ""));
    environment.run();
    assertThat(told).containsExactly("changed to a", "changed to ", "deleted");
  }

  @Test
  void opensTheWatchAgainWithBackOffWhileItIsRefused() {
    lock.watch(observer);
    environment.run();
    for (int i = 0; i < 10; i++) {
      api.listeners.get(api.listeners.size() - 1).closed(refused());
      environment.advance(Duration.ofSeconds(60));
      assertThat(api.queries).hasSize(i + 2);
    }
    api.listeners.get(10).closed(refused());
    environment.advance(Duration.ofSeconds(29));
    assertThat(api.queries).hasSize(11);
    environment.advance(Duration.ofSeconds(31));
    assertThat(api.queries).hasSize(12);
    api.listeners.get(11).opened();
    api.listeners.get(11).closed(null);
    environment.advance(Duration.ofSeconds(2));
    assertThat(api.queries).hasSize(13);
  }

  @Test
  void aClosedWatchStaysClosed() {
    LeaseLock.Watching watching = lock.watch(observer);
    environment.run();
    watching.close();
    watching.close();
    environment.run();
    assertThat(api.closedWatches).isEqualTo(1);
    api.listeners.get(0).event(WatchListener.Type.ADDED, lease("kube-controller-manager", "a"));
    api.listeners.get(0).closed(null);
    environment.advance(Duration.ofMinutes(10));
    assertThat(told).isEmpty();
    assertThat(api.queries).hasSize(1);
  }

  @Test
  void recordsKeepTheirTimesAndForeignFieldsAsText() {
    Lease lease =
        Serialization.unmarshal(
            """
            {"apiVersion":"coordination.k8s.io/v1","kind":"Lease",
             "metadata":{"name":"x","namespace":"y","novelty":1},
             "spec":{"holderIdentity":"z","renewTime":"2026-01-01T00:00:00.000001Z",
                     "leaseTransitions":3,"strategy":"S","other":{"a":[1]}}}
            """,
            Lease.class);
    LeaseRecord record = LeaseRecord.of(lease);
    assertThat(record)
        .isEqualTo(new LeaseRecord("z", 0, null, Instant.parse("2026-01-01T00:00:00.000001Z"), 3));
    Instant now = Instant.parse("2026-02-03T04:05:06.123456Z");
    String text = Serialization.asJson(new LeaseRecord("a", 15, now, now, 4).writtenTo(lease));
    assertThat(text)
        .contains("\"renewTime\":\"2026-02-03T04:05:06.123456Z\"")
        .contains("\"acquireTime\":\"2026-02-03T04:05:06.123456Z\"")
        .contains("\"strategy\":\"S\"", "\"other\":{\"a\":[1]}", "\"novelty\":1")
        .contains("\"leaseDurationSeconds\":15", "\"leaseTransitions\":4");
    assertThat(LeaseRecord.of(Serialization.unmarshal(text, Lease.class)))
        .isEqualTo(new LeaseRecord("a", 15, now, now, 4));
  }

  private static ApiError refused() {
    return ApiError.of(ApiError.Kind.FORBIDDEN, 403, "leases is forbidden");
  }

  private static Lease lease(String name, String holder) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace("kube-system")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(holder)
        .endSpec()
        .build();
  }
}
