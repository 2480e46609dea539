package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.daemon.notify.Notifier;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon tells its service manager from start to stop. */
class NotificationIT {

  private static final String LEASE = "kube-system/kube-controller-manager";

  @TempDir Path directory;

  private final Recording notifier = new Recording();
  private TestBed bed;

  private static final class Recording implements Notifier {

    private final List<String> told = new CopyOnWriteArrayList<>();
    private volatile Supplier<Optional<String>> unwellBecause = Optional::empty;

    @Override
    public void status(String text) {
      told.add(text);
    }

    @Override
    public void ready(Supplier<Optional<String>> newUnwellBecause) {
      unwellBecause = newUnwellBecause;
      told.add("READY");
    }

    @Override
    public CompletableFuture<Void> stopping() {
      told.add("STOPPING");
      return CompletableFuture.completedFuture(null);
    }
  }

  @BeforeEach
  void startCluster() throws Exception {
    bed = TestBed.in(directory, cluster -> cluster);
  }

  @AfterEach
  void stopCluster() throws Exception {
    bed.close();
  }

  @Test
  void isReadyOnceItWaitsForTheLease() throws Exception {
    TestBed.Running leader = bed.start("--controllers=ttl");
    TestBed.await().until(leader::leads);
    TestBed.Running standby = bed.start(notifier, "--controllers=ttl");
    assertThat(notifier.told)
        .containsExactly("starting", "standby: waits for the lease " + LEASE, "READY");
    assertThat(standby.getAnonymously("/healthz").statusCode()).isEqualTo(200);

    leader.daemon().stop().get(40, TimeUnit.SECONDS);
    TestBed.await().until(standby::leads);
    assertThat(notifier.unwellBecause.get()).isEmpty();
    standby.daemon().stop().get(40, TimeUnit.SECONDS);

    assertThat(notifier.told)
        .containsExactly(
            "starting",
            "standby: waits for the lease " + LEASE,
            "READY",
            "leader: holds the lease " + LEASE,
            "STOPPING");
  }

  @Test
  void isReadyWithoutAnElectionOnceItsCachesAreWarm() throws Exception {
    TestBed.Running daemon = bed.start(notifier, "--controllers=ttl", "--leader-elect=false");
    TestBed.await().until(() -> notifier.told.contains("READY"));
    assertThat(daemon.getAnonymously("/readyz").body()).isEqualTo("ok");
    assertThat(notifier.told).containsExactly("starting", "works without an election", "READY");
  }
}
