package dev.kcm.testkit;

import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Verdict;
import dev.kcm.core.time.VirtualEnvironment;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every reconciler must hold to, whatever the state of the world. Extend it, say how worlds
 * come about and how the controller is wired, and the laws are run over random worlds.
 *
 * <p>Each law runs over {@code kcm.laws.worlds} worlds (a system property, 200 by default) with
 * seeds 1, 2, 3 and so on. A failure prints its seed and the smallest world that still fails;
 * {@code -Dkcm.laws.seed=N} runs only that one.
 *
 * <p>Confined to the thread of the test.
 *
 * @param <S> snapshot
 */
// One law is hundreds of tests; the limit is for a hang, not for a slow machine.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
public abstract class ReconcilerLaws<S> {

  /** Rounds within which a world must settle. */
  private static final int MAX_ROUNDS = 60;

  /** Worlds among strangers: many small crowds, and now and then a great one. */
  private static final int CROWDED_WORLDS = 40;

  private static final int FEW_STRANGERS = 40;
  private static final int MANY_STRANGERS = 2000;

  /** How often a survey may read each object. */
  private static final int SURVEYS = 4;

  /** The kind of object the controller's keys name. */
  protected abstract ResourceType<?> primary();

  /**
   * The keys that may be in the controller's queue. The objects of {@link #primary()} unless
   * overridden, for example by a controller with a single key.
   */
  protected List<ObjectKey> keys(ModelCluster cluster) {
    return cluster.list(primary().type()).stream().map(ObjectKey::of).toList();
  }

  /**
   * Whether the controller is a sweep: it always looks again after a while, so that a settled world
   * is one in which it does nothing until then. False unless overridden.
   */
  protected boolean sweeps() {
    return false;
  }

  /**
   * Whether a run looks at all there is because its contract says so, like a sweep. It may then
   * read every object a few times, but no more. As {@link #sweeps()} unless overridden.
   */
  protected boolean surveys() {
    return sweeps();
  }

  /** Random worlds: primaries, what belongs to them, and what must be left alone. */
  protected abstract Gen<List<HasMetadata>> worlds();

  /** The controller over caches, with mappers, reader and reconciler. */
  protected abstract ModelLoop<S> wire(ModelCaches caches);

  /**
   * What others do between two runs, for example a kubelet that makes pods ready. It must come to
   * an end: called often enough, it changes nothing any more. Does nothing unless overridden.
   */
  protected void progress(ModelCluster cluster) {}

  /**
   * What answers actions: the cluster, unless overridden to answer some of them otherwise, as a
   * server does that reviews access.
   */
  protected Responder server(ModelCluster cluster) {
    return cluster;
  }

  /**
   * Checks that a cluster never has more, or fewer, than a controller with stale caches may lead
   * to. Called after every run of the law about lagging caches; throws an AssertionError otherwise.
   *
   * @param start the world as it was before the first run
   */
  protected abstract void checkBounds(List<HasMetadata> start, ModelCluster cluster);

  /** Time of day at which worlds start. */
  protected static Instant start() {
    return VirtualEnvironment.seeded(0).wallClock().now();
  }

  @Test
  @DisplayName("Law 1: the same input gives the same plans, whatever the order of lists")
  void sameInputGivesSamePlans() {
    forEachWorld(
        (seed, objects) -> {
          World first = new World(seed, seed, objects);
          World second = new World(seed, ~seed, objects);
          for (ObjectKey key : first.keys()) {
            require(
                sameTurns(first.run(key), second.run(key)),
                "two orders of the same input gave two plans for " + key);
          }
        });
  }

  @Test
  @DisplayName("Laws 2 and 3: every world settles, and a settled world gives no more than measures")
  void everyWorldSettlesIntoNothing() {
    forEachWorld((seed, objects) -> new World(seed, seed, objects).settle());
  }

  @Test
  @DisplayName("Law 4: deletions carry the UID that was seen")
  void deletionsCarryTheUidSeen() {
    forEachWorld(
        (seed, objects) -> {
          World world = new World(seed, seed, objects);
          Set<String> uids = new HashSet<>();
          for (int round = 0; round < 3; round++) {
            world.cluster.all().forEach(object -> uids.add(object.getMetadata().getUid()));
            world.round(world.server);
          }
          world.deletions.forEach(
              d -> require(uids.contains(d.uid()), "a deletion carries no UID seen: " + d));
        });
  }

  @Test
  @DisplayName("Law 5: a primary that is being deleted creates nothing")
  void deletingPrimaryCreatesNothing() {
    forEachWorld(
        (seed, objects) -> {
          World world = new World(seed, seed, deleting(objects));
          for (int round = 0; round < 3; round++) {
            world.round(world.server);
            require(world.creations == 0, "a primary that is being deleted created something");
          }
        });
  }

  @Test
  @DisplayName("Law 6: a rejection ends in a retry or a status, and later runs converge")
  void rejectionsAreToldAndOvercome() {
    forEachWorld(
        (seed, objects) -> {
          World world = new World(seed, seed, objects);
          Responder chaos = new Chaos(world.server, new Random(seed));
          for (int round = 0; round < 4; round++) {
            world.round(chaos).forEach(this::requireToldOrRetried);
          }
          world.settle();
        });
  }

  @Test
  @DisplayName("Law 7: lagging caches never lead to more than is allowed")
  void laggingCachesStayWithinBounds() {
    forEachWorld(
        (seed, objects) -> {
          World world = new World(seed, seed, objects);
          Random random = new Random(seed);
          for (int step = 0; step < 20; step++) {
            world.caches.catchUpBy(random.nextInt(4));
            List<ObjectKey> keys = world.keys();
            if (!keys.isEmpty()) {
              world.run(keys.get(random.nextInt(keys.size())), world.server);
            }
            checkBounds(objects, world.cluster);
            if (random.nextInt(4) == 0) {
              progress(world.cluster);
            }
          }
          world.settle();
        });
  }

  @Test
  @DisplayName("Law 8: no run reads more because there are thousands of unrelated objects")
  void strangersAreNotRead() {
    LawSeeds.fromSystemProperties()
        .atMost(CROWDED_WORLDS)
        .check(
            worlds(),
            (seed, objects) -> {
              int count = seed % (CROWDED_WORLDS / 2) == 1 ? MANY_STRANGERS : FEW_STRANGERS;
              List<HasMetadata> crowd = new ArrayList<>(Strangers.to(objects, count));
              int allowance = surveys() ? SURVEYS * crowd.size() : 0;
              crowd.addAll(objects);
              World alone = new World(seed, seed, objects);
              World crowded = new World(seed, seed, crowd);
              for (ObjectKey key : alone.keys()) {
                long most = alone.readsOf(key) + allowance;
                long reads = crowded.readsOf(key);
                require(
                    reads <= most,
                    "among %d strangers a run of %s read %d objects instead of at most %d"
                        .formatted(count, key, reads, most));
              }
            });
  }

  private List<HasMetadata> deleting(List<HasMetadata> objects) {
    List<HasMetadata> marked = new ArrayList<>();
    for (HasMetadata object : objects) {
      HasMetadata copy = ModelObjects.copy(object);
      if (primary().type().isInstance(copy)) {
        copy.getMetadata().setDeletionTimestamp(start().toString());
        copy.getMetadata().setFinalizers(List.of("laws.kcm.dev/keep"));
      }
      marked.add(copy);
    }
    return marked;
  }

  /** Rejections nobody hears of would leave the world as it is until some unrelated event. */
  private void requireToldOrRetried(Rehearsal run) {
    Optional<Rejected> loud =
        run.results().stream()
            .filter(Rejected.class::isInstance)
            .map(Rejected.class::cast)
            .filter(rejected -> !Rehearsal.isQuiet(rejected) && !saysThereIsNone(rejected))
            .findFirst();
    if (loud.isPresent() && run.verdict() instanceof Verdict.Done) {
      int at = run.results().indexOf(loud.get());
      boolean told =
          run.results().subList(at, run.results().size()).stream()
              .anyMatch(
                  r ->
                      r instanceof Applied
                          && (r.action() instanceof Action.Update
                              || isSamePatch(r.action(), loud.get().action())));
      require(told, "a rejection was passed over in silence: " + loud.get());
    }
  }

  /** Whether what could not be patched was patched after all, in the same run. */
  private static boolean isSamePatch(Action done, Action rejected) {
    return done instanceof Action.Patch<?> patch
        && rejected instanceof Action.Patch<?> failed
        && patch.type().equals(failed.type())
        && patch.key().equals(failed.key());
  }

  /** A look that finds nothing has its answer. */
  private static boolean saysThereIsNone(Rejected rejected) {
    return rejected.action() instanceof Action.Fetch
        && rejected.error().kind() == ApiError.Kind.NOT_FOUND;
  }

  private static boolean sameTurns(Rehearsal first, Rehearsal second) {
    boolean same =
        first.turns().size() == second.turns().size() && first.verdict().equals(second.verdict());
    for (int i = 0; same && i < first.turns().size(); i++) {
      Plan a = first.turns().get(i);
      Plan b = second.turns().get(i);
      same = a.stages().equals(b.stages()) && a.verdict().equals(b.verdict());
    }
    return same;
  }

  private void forEachWorld(LawSeeds.Law law) {
    LawSeeds.fromSystemProperties().check(worlds(), law);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** A cluster, its caches and the controller. Confined to the thread of the test. */
  private final class World {

    private final ModelCluster cluster;
    private final Responder server;
    private final ModelCaches caches;
    private final ModelLoop<S> loop;
    private final List<Action.Delete<?>> deletions = new ArrayList<>();
    private int creations;

    private World(long seed, long order, List<HasMetadata> objects) {
      this.cluster = ModelCluster.of(VirtualEnvironment.seeded(seed), objects);
      this.server = server(cluster);
      this.caches = ModelCaches.of(cluster, order);
      this.loop = wire(caches);
      caches.catchUp();
    }

    private List<ObjectKey> keys() {
      return ReconcilerLaws.this.keys(cluster);
    }

    private Rehearsal run(ObjectKey key) {
      return run(key, server);
    }

    private Rehearsal run(ObjectKey key, Responder server) {
      Rehearsal run = loop.run(key, server);
      run.tried(Action.Delete.class).forEach(deletions::add);
      creations += run.tried(Action.Create.class).size();
      return run;
    }

    /** How many objects a run of a key reads, with caches that have seen everything. */
    private long readsOf(ObjectKey key) {
      caches.catchUp();
      long before = caches.objectsRead();
      run(key);
      return caches.objectsRead() - before;
    }

    /** All keys once, with caches that have seen everything. */
    private List<Rehearsal> round(Responder server) {
      List<Rehearsal> runs = new ArrayList<>();
      for (ObjectKey key : keys()) {
        caches.catchUp();
        runs.add(run(key, server));
      }
      progress(cluster);
      cluster.finishDeletions();
      return runs;
    }

    private void settle() {
      for (int round = 0; round < MAX_ROUNDS; round++) {
        int before = cluster.log().size();
        List<Rehearsal> runs = round(server);
        boolean quiet = before == cluster.log().size();
        if (quiet && runs.stream().allMatch(run -> isOver(run, sweeps()))) {
          return;
        }
        cluster.environment().advance(pause(runs));
      }
      throw new AssertionError("the world has not settled after " + MAX_ROUNDS + " rounds");
    }

    private Duration pause(List<Rehearsal> runs) {
      return runs.stream()
          .map(Rehearsal::verdict)
          .filter(Verdict.After.class::isInstance)
          .map(verdict -> ((Verdict.After) verdict).delay())
          .min(Duration::compareTo)
          .orElse(Duration.ofSeconds(1));
    }
  }

  /**
   * A settled key does nothing but count itself; one that was given up for good is settled too. A
   * plan without anything to do must be the constant, so that it costs nothing.
   */
  private static boolean isOver(Rehearsal run, boolean sweeps) {
    Plan first = run.turns().get(0);
    boolean quiet = run.actions().stream().allMatch(Action.Measure.class::isInstance);
    boolean ends =
        run.verdict() instanceof Verdict.Done
            || run.verdict() instanceof Verdict.Drop
            || (sweeps && run.verdict() instanceof Verdict.After);
    boolean idle = run.actions().isEmpty() && run.verdict() instanceof Verdict.Done;
    return quiet && ends && (!idle || first.equals(Plan.NOTHING));
  }

  /** Refuses at random, and sometimes carries out what it says it refused. */
  private static final class Chaos implements Responder {

    private static final List<ApiError> ERRORS =
        List.of(
            ApiError.of(ApiError.Kind.CONFLICT, 409, "injected conflict"),
            ApiError.of(ApiError.Kind.FORBIDDEN, 403, "injected refusal"),
            ApiError.of(ApiError.Kind.TOO_MANY_REQUESTS, 429, "injected throttling"),
            ApiError.of(ApiError.Kind.SERVER_ERROR, 500, "injected server error"),
            ApiError.of(ApiError.Kind.BROKEN, 0, "injected break of the connection"));

    private final Responder server;
    private final Random random;

    private Chaos(Responder server, Random random) {
      this.server = server;
      this.random = random;
    }

    @Override
    public Result answer(Action action) {
      boolean local =
          action instanceof Action.Emit
              || action instanceof Action.Measure
              || action instanceof Action.Enqueue;
      if (local || random.nextInt(3) > 0) {
        return server.answer(action);
      }
      ApiError error = ERRORS.get(random.nextInt(ERRORS.size()));
      if (error.kind() == ApiError.Kind.BROKEN) {
        server.answer(action);
      }
      return new Rejected(action, error);
    }
  }
}
