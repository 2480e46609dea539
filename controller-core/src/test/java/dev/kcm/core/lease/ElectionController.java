package dev.kcm.core.lease;

import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The part of the API server that appoints leaders, as upstream has it: every 5 s it pings the
 * candidates, and 5 s later it chooses among those that answered.
 *
 * <p>Confined to the thread of the test.
 */
final class ElectionController {

  static final Duration WINDOW = Duration.ofSeconds(5);

  private final VirtualEnvironment environment;
  private final CoordinatedApi api;
  private final Executor executor;
  private Instant pinged = Instant.MIN;

  /** Added to its time of day. */
  Duration ahead = Duration.ZERO;

  ElectionController(VirtualEnvironment environment, CoordinatedApi api) {
    this.environment = environment;
    this.api = api;
    this.executor = environment.executor("election-controller");
  }

  void start() {
    executor.execute(this::round);
  }

  private void round() {
    best().ifPresent(this::appoint);
    pinged = now();
    for (GenericKubernetesResource candidate : api.candidates()) {
      api.editCandidate(
          candidate.getMetadata().getName(),
          spec -> {
            spec.put("pingTime", pinged.toString());
            return spec;
          });
    }
    environment.timers().schedule(WINDOW, executor, this::round);
  }

  private Optional<String> best() {
    return api.candidates().stream()
        .filter(candidate -> time(candidate, "renewTime").isAfter(pinged))
        .min(
            Comparator.comparing((GenericKubernetesResource c) -> text(c, "emulationVersion"))
                .thenComparing(c -> text(c, "binaryVersion"))
                .thenComparing(c -> Long.valueOf(c.getMetadata().getUid().substring(4))))
        .map(candidate -> candidate.getMetadata().getName());
  }

  private void appoint(String best) {
    Lease lease = api.lease();
    LeaseRecord record = lease == null ? LeaseRecord.EMPTY : LeaseRecord.of(lease);
    if (record.isFree() || isExpired(record)) {
      api.put(KubeLeaseLock.LEASES, appointment(lease, best));
    } else if (!record.holder().equals(best) && !record.preferredHolder().equals(best)) {
      api.put(
          KubeLeaseLock.LEASES,
          new LeaseBuilder(Objects.requireNonNull(lease))
              .editSpec()
              .withPreferredHolder(best)
              .endSpec()
              .build());
    }
  }

  private Lease appointment(@Nullable Lease lease, String best) {
    LeaseBuilder builder =
        lease == null
            ? new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(LeaseServer.KEY.namespace())
                .withName(LeaseServer.KEY.name())
                .endMetadata()
            : new LeaseBuilder(lease);
    return builder
        .editOrNewSpec()
        .withHolderIdentity(best)
        .withLeaseDurationSeconds(5)
        .withRenewTime(now().atZone(ZoneOffset.UTC))
        .withAcquireTime(null)
        .withPreferredHolder(null)
        .withStrategy(Coordination.STRATEGY)
        .endSpec()
        .build();
  }

  private boolean isExpired(LeaseRecord record) {
    Instant renewed = Objects.requireNonNull(record.renewTime());
    return renewed.plusSeconds(record.durationSeconds()).isBefore(now());
  }

  private Instant now() {
    return LeaseRecord.micros(environment.wallClock().now()).plus(ahead);
  }

  private static Instant time(GenericKubernetesResource candidate, String field) {
    return Instant.parse(text(candidate, field));
  }

  private static String text(GenericKubernetesResource candidate, String field) {
    return List.of(CoordinatedApi.specOf(candidate).get(field)).get(0).toString();
  }
}
