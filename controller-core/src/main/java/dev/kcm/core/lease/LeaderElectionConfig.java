package dev.kcm.core.lease;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How an elector behaves.
 *
 * @param identity names this process among all candidates; no two may share it
 * @param leaseDuration how long others wait after the last renewal they saw; whole seconds, above
 *     {@code renewDeadline}
 * @param renewDeadline how long after the start of the last successful renewal this process leads;
 *     above 1.2 times {@code retryPeriod}
 * @param retryPeriod time between renewals, and least time between tries to acquire; above zero
 * @param stopGrace longest wait for work to end when leading ends; zero or more
 * @param releaseOnStop whether a stopped leader frees the lease
 * @param afterLoss what follows when leadership is lost
 * @param labels merged into the labels of the Lease when it is written
 * @param coordination versions to announce, so that the API server appoints the leader where it
 *     can; null for an election among the candidates themselves
 */
public record LeaderElectionConfig(
    String identity,
    Duration leaseDuration,
    Duration renewDeadline,
    Duration retryPeriod,
    Duration stopGrace,
    boolean releaseOnStop,
    AfterLoss afterLoss,
    Map<String, String> labels,
    @Nullable Coordination coordination) {

  /** 15 s. */
  public static final Duration DEFAULT_LEASE_DURATION = Duration.ofSeconds(15);

  /** 10 s. */
  public static final Duration DEFAULT_RENEW_DEADLINE = Duration.ofSeconds(10);

  /** 2 s. */
  public static final Duration DEFAULT_RETRY_PERIOD = Duration.ofSeconds(2);

  /** 4 s: work has ended before another process can lead, also after a loss. */
  public static final Duration DEFAULT_STOP_GRACE = Duration.ofSeconds(4);

  /** Waits between tries to acquire are up to {@code 1 + JITTER} retry periods. */
  public static final double JITTER = 1.2;

  /** What an elector does after it lost the lease. */
  public enum AfterLoss {
    /** Nothing more; {@link LeaderElector#start()} may be called again. */
    STOP,
    /** It becomes a candidate again once the work of the lost term has ended. */
    REACQUIRE
  }

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException naming every setting that does not fit
   */
  public LeaderElectionConfig {
    labels = Map.copyOf(labels);
    List<String> problems = new ArrayList<>();
    if (identity.isBlank()) {
      problems.add("identity must not be empty");
    }
    requirePositive(problems, "leaseDuration", leaseDuration);
    requirePositive(problems, "renewDeadline", renewDeadline);
    requirePositive(problems, "retryPeriod", retryPeriod);
    if (stopGrace.isNegative()) {
      problems.add("stopGrace must not be negative, got " + stopGrace);
    }
    if (!leaseDuration.equals(Duration.ofSeconds(leaseDuration.toSeconds()))) {
      problems.add("leaseDuration must be whole seconds, got " + leaseDuration);
    }
    if (leaseDuration.compareTo(renewDeadline) <= 0) {
      problems.add(
          "leaseDuration must be greater than renewDeadline, got %s and %s"
              .formatted(leaseDuration, renewDeadline));
    }
    if (renewDeadline.compareTo(retryPeriod.multipliedBy(6).dividedBy(5)) <= 0) {
      problems.add(
          "renewDeadline must be greater than retryPeriod * %s, got %s and %s"
              .formatted(JITTER, renewDeadline, retryPeriod));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("leader election: " + String.join("; ", problems));
    }
  }

  private static void requirePositive(List<String> problems, String what, Duration value) {
    if (value.isZero() || value.isNegative()) {
      problems.add(what + " must be greater than zero, got " + value);
    }
  }

  /** Upstream's defaults for the given identity. */
  public static LeaderElectionConfig defaults(String identity) {
    return new LeaderElectionConfig(
        identity,
        DEFAULT_LEASE_DURATION,
        DEFAULT_RENEW_DEADLINE,
        DEFAULT_RETRY_PERIOD,
        DEFAULT_STOP_GRACE,
        true,
        AfterLoss.STOP,
        Map.of(),
        null);
  }

  /**
   * A new identity for this process: host name, underscore, random UUID.
   *
   * @param hostname empty for the machine's own
   * @param random tells processes of one host apart; the system's environment has a strong one
   */
  public static String newIdentity(String hostname, RandomGenerator random) {
    return (hostname.isEmpty() ? machineName() : hostname) + "_" + randomUuid(random);
  }

  /** Version 4 as in RFC 9562, section 5.4: 122 random bits. */
  private static UUID randomUuid(RandomGenerator random) {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  private static String machineName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // The UUID alone tells processes apart; the name is for people.
      return "localhost";
    }
  }

  /** The same for another process. */
  public LeaderElectionConfig withIdentity(String newIdentity) {
    return changed(draft -> draft.identity = newIdentity);
  }

  /** The same with other times. */
  public LeaderElectionConfig withTimes(Duration lease, Duration renew, Duration retry) {
    return changed(
        draft -> {
          draft.leaseDuration = lease;
          draft.renewDeadline = renew;
          draft.retryPeriod = retry;
        });
  }

  /** The same with another stop grace. */
  public LeaderElectionConfig withStopGrace(Duration grace) {
    return changed(draft -> draft.stopGrace = grace);
  }

  /** The same, releasing the lease on stop or not. */
  public LeaderElectionConfig withReleaseOnStop(boolean release) {
    return changed(draft -> draft.releaseOnStop = release);
  }

  /** The same with another answer to a loss. */
  public LeaderElectionConfig withAfterLoss(AfterLoss newAfterLoss) {
    return changed(draft -> draft.afterLoss = newAfterLoss);
  }

  /** The same with other labels for the Lease. */
  public LeaderElectionConfig withLabels(Map<String, String> newLabels) {
    return changed(draft -> draft.labels = newLabels);
  }

  /**
   * The same in a coordinated election: the process announces itself by a LeaseCandidate, and leads
   * when the API server appoints it. Where the server knows no LeaseCandidates, the candidates
   * elect one among themselves as ever.
   *
   * @param versions of the program; null for no coordination
   */
  public LeaderElectionConfig withCoordination(@Nullable Coordination versions) {
    return changed(draft -> draft.coordination = versions);
  }

  private LeaderElectionConfig changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.config();
  }

  /** The settings while one of them changes. Confined to the thread that changes them. */
  private static final class Draft {
    private String identity;
    private Duration leaseDuration;
    private Duration renewDeadline;
    private Duration retryPeriod;
    private Duration stopGrace;
    private boolean releaseOnStop;
    private AfterLoss afterLoss;
    private Map<String, String> labels;
    private @Nullable Coordination coordination;

    private Draft(LeaderElectionConfig from) {
      identity = from.identity;
      leaseDuration = from.leaseDuration;
      renewDeadline = from.renewDeadline;
      retryPeriod = from.retryPeriod;
      stopGrace = from.stopGrace;
      releaseOnStop = from.releaseOnStop;
      afterLoss = from.afterLoss;
      labels = from.labels;
      coordination = from.coordination;
    }

    private LeaderElectionConfig config() {
      return new LeaderElectionConfig(
          identity,
          leaseDuration,
          renewDeadline,
          retryPeriod,
          stopGrace,
          releaseOnStop,
          afterLoss,
          labels,
          coordination);
    }
  }

  /** How long the elector waits for an answer: half the renew deadline, 1 s at least. */
  public Duration requestTimeout() {
    Duration half = renewDeadline.dividedBy(2);
    return half.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : half;
  }
}
