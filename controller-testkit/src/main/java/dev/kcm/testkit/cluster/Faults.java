package dev.kcm.testkit.cluster;

import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ApiError;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes wrong between the clients of a {@link TestCluster} and its server. May be scripted
 * before and while they work.
 *
 * <pre>{@code
 * cluster.faults().on(Verb.CREATE, "pods").call(3).status(503, "ServiceUnavailable");
 * cluster.faults().on(Verb.CREATE, "pods").next().dropAfterCommit();
 * cluster.faults().on(Verb.UPDATE, "deployments").everyCall().delay(Duration.ofSeconds(5));
 * cluster.faults().watches("pods").cutAfterBytes(4096);
 * }</pre>
 *
 * <p>Requests of {@link TestCluster#client()} and of the shortcuts of the cluster are spared: they
 * are the test's own.
 *
 * <p>Thread-safe: concurrent collections and counters only.
 */
public final class Faults {

  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final Map<String, WatchFaults> watchFaultsByResource = new ConcurrentHashMap<>();

  Faults() {}

  /**
   * Starts a rule about requests; {@code WATCH} means the opening of a watch.
   *
   * @param resource plural resource name, with {@code /subresource} for requests to one
   */
  public Calls on(Verb verb, String resource) {
    return new Calls(verb, resource);
  }

  /**
   * What goes wrong in the streams of a resource's watches.
   *
   * @param resource plural resource name
   */
  public WatchFaults watches(String resource) {
    return watchFaultsByResource.computeIfAbsent(resource, name -> new WatchFaults());
  }

  /** Forgets all rules; streams go on as they should, and what was held back is delivered. */
  public void clear() {
    rules.clear();
    watchFaultsByResource.values().forEach(WatchFaults::clear);
  }

  /** What becomes of a request, in the order of the rules that hit it. */
  List<Effect> at(Verb verb, String resource) {
    if (rules.isEmpty()) {
      return List.of();
    }
    List<Effect> effects = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.hits(verb, resource)) {
        effects.add(rule.effect);
      }
    }
    return effects;
  }

  /**
   * What a rule does to a request.
   *
   * @param kind what
   * @param error for those that fail
   * @param delay for those that wait
   */
  record Effect(Kind kind, ApiError error, Duration delay) {

    enum Kind {
      /** Fails without reaching the server. */
      REFUSE,
      /** Reaches the server, but its answer is lost. */
      DROP_AFTER_COMMIT,
      /** Reaches the server late. */
      DELAY,
      /** Is answered late. */
      DELAY_ANSWER,
      /** Is never answered. */
      HANG
    }
  }

  /** Counts the calls it is about. The counter is the only state. */
  private static final class Rule {

    private final Calls calls;
    private final int first;
    private final int last;
    private final Effect effect;
    private final AtomicInteger seen = new AtomicInteger();

    private Rule(Calls calls, int first, int last, Effect effect) {
      this.calls = calls;
      this.first = first;
      this.last = last;
      this.effect = effect;
    }

    private boolean hits(Verb verb, String resource) {
      if (verb != calls.verb || !resource.equals(calls.resource)) {
        return false;
      }
      int number = seen.updateAndGet(count -> count == Integer.MAX_VALUE ? count : count + 1);
      return number >= first && number <= last;
    }
  }

  /** Which requests a rule is about. Immutable. */
  public final class Calls {

    private final Verb verb;
    private final String resource;

    private Calls(Verb verb, String resource) {
      this.verb = verb;
      this.resource = resource;
    }

    /** Only the next such request. */
    public Fault next() {
      return call(1);
    }

    /**
     * Only the n-th such request from now on.
     *
     * @param number 1 for the next one
     * @throws IllegalArgumentException when it is less than 1
     */
    public Fault call(int number) {
      return calls(number, number);
    }

    /**
     * The requests from one to another, both included and counted from 1.
     *
     * @throws IllegalArgumentException when the first is less than 1 or above the last
     */
    public Fault calls(int first, int last) {
      if (first < 1 || first > last) {
        throw new IllegalArgumentException(
            "calls " + first + " to " + last + ": they are counted upwards from 1");
      }
      return new Fault(this, first, last);
    }

    /** All such requests until {@link Faults#clear}. */
    public Fault everyCall() {
      return new Fault(this, 1, Integer.MAX_VALUE);
    }
  }

  /** What happens to these requests. Immutable. */
  public final class Fault {

    private final Calls calls;
    private final int first;
    private final int last;

    private Fault(Calls calls, int first, int last) {
      this.calls = calls;
      this.first = first;
      this.last = last;
    }

    /**
     * They are refused with a Status and have no effect.
     *
     * @param code HTTP status code, 400 to 599
     * @param reason reason of the Status, for example {@code Conflict}; may be empty
     */
    public Faults status(int code, String reason) {
      if (code < 400 || code > 599) {
        throw new IllegalArgumentException("status " + code + " is no failure: 400 to 599 are");
      }
      return fail(
          ApiException.errorIn(
              new StatusBuilder()
                  .withStatus("Failure")
                  .withCode(code)
                  .withReason(reason)
                  .withMessage("scripted: " + code + " " + reason)
                  .build()));
    }

    /** They fail with this error and have no effect. */
    public Faults fail(ApiError error) {
      return add(Effect.Kind.REFUSE, error, Duration.ZERO);
    }

    /** The connection breaks before they reach the server; the sender cannot know that. */
    public Faults drop() {
      return fail(broken("before the request arrived"));
    }

    /** The server carries them out, and the connection breaks before the answer arrives. */
    public Faults dropAfterCommit() {
      return add(Effect.Kind.DROP_AFTER_COMMIT, broken("before the answer came"), Duration.ZERO);
    }

    /** They reach the server this much later. */
    public Faults delay(Duration delay) {
      return add(Effect.Kind.DELAY, broken("never"), delay);
    }

    /** Their answers come this much later. */
    public Faults delayAnswer(Duration delay) {
      return add(Effect.Kind.DELAY_ANSWER, broken("never"), delay);
    }

    /** The connection is half open: they never reach the server, and no answer comes. */
    public Faults hang() {
      return add(Effect.Kind.HANG, broken("never"), Duration.ZERO);
    }

    private Faults add(Effect.Kind kind, ApiError error, Duration delay) {
      rules.add(new Rule(calls, first, last, new Effect(kind, error, delay)));
      return Faults.this;
    }
  }

  static ApiError broken(String when) {
    return ApiError.of(ApiError.Kind.BROKEN, 0, "scripted: the connection broke " + when);
  }
}
