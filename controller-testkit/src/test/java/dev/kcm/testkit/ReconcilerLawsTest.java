package dev.kcm.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kcm.core.object.OwnerReferences;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Greeters.Bug;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each law holds for a sound controller, and catches the one that breaks it. */
class ReconcilerLawsTest {

  private static final Map<Bug, Consumer<Laws>> LAW_BY_BUG =
      Map.of(
          Bug.DEPENDS_ON_ORDER, Laws::sameInputGivesSamePlans,
          Bug.NEVER_SETTLES, Laws::everyWorldSettlesIntoNothing,
          Bug.DELETES_UNSEEN_UID, Laws::deletionsCarryTheUidSeen,
          Bug.CREATES_WHILE_DELETED, Laws::deletingPrimaryCreatesNothing,
          Bug.SWALLOWS_REJECTIONS, Laws::rejectionsAreToldAndOvercome,
          Bug.IGNORES_LAG, Laws::laggingCachesStayWithinBounds,
          Bug.READS_EVERYTHING, Laws::strangersAreNotRead);

  static Stream<Arguments> laws() {
    return LAW_BY_BUG.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("laws")
  void aSoundControllerHoldsToTheLawAndABrokenOneDoesNot(Bug bug, Consumer<Laws> law) {
    assertThatCode(() -> law.accept(new Laws(Bug.NONE))).doesNotThrowAnyException();
    assertThatThrownBy(() -> law.accept(new Laws(bug)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("replay with -Dkcm.laws.seed=")
        .hasMessageContaining("smallest world that still fails");
  }

  @Test
  void aFailingWorldIsMadeSmall() {
    List<HasMetadata> world =
        List.of(Greeters.owner("a", 1), Greeters.owner("b", 2), Greeters.owner("c", 3));
    LawSeeds.Law noB =
        (seed, objects) -> {
          if (objects.stream().anyMatch(o -> o.getMetadata().getName().equals("b"))) {
            throw new AssertionError("b is here");
          }
        };
    assertThat(LawSeeds.shrunk(noB, 1, world)).containsExactly(world.get(1));
  }

  @Test
  void theSameSeedGivesTheSameWorld() {
    assertThat(Greeters.worlds().next(new Random(7)))
        .isEqualTo(Greeters.worlds().next(new Random(7)));
  }

  /** Not run by itself: the test calls its laws. */
  private static final class Laws extends ReconcilerLaws<Greeters.Snapshot> {

    private final Bug bug;

    private Laws(Bug bug) {
      this.bug = bug;
    }

    @Override
    protected ResourceType<?> primary() {
      return Greeters.OWNERS;
    }

    @Override
    protected Gen<List<HasMetadata>> worlds() {
      return Greeters.worlds();
    }

    @Override
    protected ModelLoop<Greeters.Snapshot> wire(ModelCaches caches) {
      return Greeters.wire(caches, bug);
    }

    @Override
    protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
      for (ConfigMap owner : cluster.list(ConfigMap.class)) {
        long had = start.stream().filter(o -> isOf(o, owner)).count();
        long has = cluster.list(Secret.class).stream().filter(s -> isOf(s, owner)).count();
        if (has > Math.max(had, Greeters.wanted(owner))) {
          throw new AssertionError("too many secrets: " + has);
        }
      }
    }

    private static boolean isOf(HasMetadata object, ConfigMap owner) {
      return object instanceof Secret && OwnerReferences.isControlledBy(object, owner);
    }
  }
}
