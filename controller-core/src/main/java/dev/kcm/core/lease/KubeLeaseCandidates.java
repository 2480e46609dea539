package dev.kcm.core.lease;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.api.DeleteOptions;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.time.Environment;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * LeaseCandidates on an API server, in the newest version it serves.
 *
 * <p>Thread-safe: the client is; the version is published by the answer to {@link #served()}.
 */
final class KubeLeaseCandidates implements LeaseCandidates {

  private static final String GROUP = "coordination.k8s.io";

  /** Newest first; no server needs another. */
  private static final List<String> VERSIONS = List.of("v1beta1", "v1alpha2", "v1alpha1");

  /** Pings are to be answered within 5 s, also where watches are refused. */
  static final Duration PING_POLL = Duration.ofSeconds(2);

  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final ApiClient client;
  private final Environment environment;
  private final ObjectKey lease;
  private final Executor executor;
  private volatile @Nullable ResourceType<GenericKubernetesResource> type;

  KubeLeaseCandidates(ApiClient client, Environment environment, ObjectKey lease) {
    this.client = client;
    this.environment = environment;
    this.lease = lease;
    this.executor = environment.executor("leader-election-candidate");
  }

  @Override
  public CompletableFuture<Boolean> served() {
    return servedFrom(0);
  }

  private CompletableFuture<Boolean> servedFrom(int index) {
    if (index == VERSIONS.size()) {
      return CompletableFuture.completedFuture(false);
    }
    String version = VERSIONS.get(index);
    return client
        .read("/apis/" + GROUP + "/" + version)
        .handle((text, error) -> error == null ? hasCandidates(text) : falseIfNotFound(error))
        .thenComposeAsync(
            found -> {
              if (!found) {
                return servedFrom(index + 1);
              }
              type =
                  ResourceType.generic(GROUP, version, "LeaseCandidate", "leasecandidates", true);
              return CompletableFuture.completedFuture(true);
            },
            executor);
  }

  private static boolean hasCandidates(String text) {
    return Serialization.unmarshal(text, APIResourceList.class).getResources().stream()
        .anyMatch(resource -> resource.getName().equals("leasecandidates"));
  }

  private static boolean falseIfNotFound(Throwable error) {
    ApiError reason = ApiException.errorOf(error);
    if (reason.kind() == ApiError.Kind.NOT_FOUND) {
      return false;
    }
    throw new ApiException(reason);
  }

  @Override
  public CompletableFuture<Void> announce(Announcement announcement) {
    ResourceType<GenericKubernetesResource> served = Objects.requireNonNull(type, "not served");
    return client
        .get(served, key(announcement.candidate()))
        .handle((found, error) -> error == null ? found : nullIfNotFound(error))
        .thenComposeAsync(
            found ->
                found == null
                    ? client.create(served, written(served, fresh(announcement), announcement))
                    : client.update(served, written(served, found, announcement), ""),
            executor)
        .thenApply(stored -> null);
  }

  @Override
  public CompletableFuture<Void> withdraw(String candidate) {
    ResourceType<GenericKubernetesResource> served = Objects.requireNonNull(type, "not served");
    return client
        .delete(served, key(candidate), DeleteOptions.DEFAULTS)
        .exceptionally(
            error -> {
              falseIfNotFound(error);
              return null;
            });
  }

  private static @Nullable GenericKubernetesResource nullIfNotFound(Throwable error) {
    ApiError reason = ApiException.errorOf(error);
    if (reason.kind() == ApiError.Kind.NOT_FOUND) {
      return null;
    }
    throw new ApiException(reason);
  }

  private GenericKubernetesResource fresh(Announcement announcement) {
    GenericKubernetesResource candidate = new GenericKubernetesResource();
    candidate.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(lease.namespace())
            .withName(announcement.candidate())
            .build());
    return candidate;
  }

  private GenericKubernetesResource written(
      ResourceType<?> served, GenericKubernetesResource candidate, Announcement announcement) {
    Map<String, @Nullable Object> spec = new HashMap<>(spec(candidate));
    Coordination coordination = announcement.coordination();
    spec.put("leaseName", lease.name());
    spec.put("renewTime", MICRO_TIME.format(renewTime(announcement.now(), spec)));
    spec.put("binaryVersion", coordination.binaryVersion());
    spec.put("emulationVersion", coordination.emulationVersion());
    if (served.version().equals("v1alpha1")) {
      spec.put("preferredStrategies", List.of(Coordination.STRATEGY));
    } else {
      spec.put("strategy", Coordination.STRATEGY);
    }
    candidate.setApiVersion(served.apiVersion());
    candidate.setKind(served.kind());
    candidate.setAdditionalProperty("spec", spec);
    return candidate;
  }

  /** Pings carry the server's time of day, which may be ahead of this machine's. */
  private static Instant renewTime(Instant now, Map<String, ?> spec) {
    Instant ping = time(spec.get("pingTime"));
    Instant renew = LeaseRecord.micros(now);
    return ping == null || renew.isAfter(ping) ? renew : ping.plus(1, ChronoUnit.MICROS);
  }

  @Override
  public LeaseLock.Watching watch(String candidate, Runnable pinged) {
    ResourceType<GenericKubernetesResource> served = Objects.requireNonNull(type, "not served");
    ObjectWatch<GenericKubernetesResource> watch =
        new ObjectWatch<>(
            client,
            environment,
            served,
            key(candidate),
            new ObjectWatch.Observer<>() {
              @Override
              public void changed(GenericKubernetesResource object) {
                if (isPinged(spec(object))) {
                  pinged.run();
                }
              }

              @Override
              public void deleted() {
                pinged.run();
              }
            });
    watch.pollWhileRefused(PING_POLL);
    watch.open();
    return watch;
  }

  private static boolean isPinged(Map<String, ?> spec) {
    Instant ping = time(spec.get("pingTime"));
    Instant renew = time(spec.get("renewTime"));
    return ping != null && (renew == null || !renew.isAfter(ping));
  }

  private ObjectKey key(String candidate) {
    return new ObjectKey(lease.namespace(), candidate);
  }

  @SuppressWarnings("unchecked") // JSON objects are maps with text keys
  private static Map<String, @Nullable Object> spec(GenericKubernetesResource candidate) {
    return candidate.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec
        ? (Map<String, @Nullable Object>) spec
        : Map.of();
  }

  private static @Nullable Instant time(@Nullable Object value) {
    try {
      return value == null ? null : OffsetDateTime.parse(value.toString()).toInstant();
    } catch (DateTimeException unreadable) {
      return null;
    }
  }
}
