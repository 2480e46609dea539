package dev.kcm.core;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;

/** Which package may use which, and what nobody may call. */
@AnalyzeClasses(packages = "dev.kcm.core", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  /** Installs a shutdown hook for those who ask for one, and nobody else. */
  private static final String TERMINATION = "dev.kcm.core.manager.Termination";

  @ArchTest static final ArchRule time = mayUse("time");
  @ArchTest static final ArchRule object = mayUse("object");
  @ArchTest static final ArchRule metrics = mayUse("metrics", "time");
  @ArchTest static final ArchRule queue = mayUse("queue", "time", "metrics");
  @ArchTest static final ArchRule api = mayUse("api", "object", "time", "metrics");

  @ArchTest static final ArchRule informer = mayUse("informer", "api", "object", "time", "metrics");

  @ArchTest static final ArchRule lease = mayUse("lease", "api", "object", "time", "metrics");
  @ArchTest static final ArchRule plan = mayUse("plan", "object");
  @ArchTest static final ArchRule access = mayUse("access", "object");

  @ArchTest
  static final ArchRule run = mayUse("run", "plan", "api", "object", "time", "queue", "metrics");

  @ArchTest
  static final ArchRule loop =
      mayUse("loop", "queue", "informer", "plan", "run", "api", "object", "time", "metrics");

  @ArchTest static final ArchRule serve = mayUse("serve", "time");

  @ArchTest
  static final ArchRule manager =
      mayUse(
          "manager",
          "access",
          "serve",
          "loop",
          "run",
          "plan",
          "informer",
          "lease",
          "queue",
          "api",
          "object",
          "time",
          "metrics");

  @ArchTest
  static final ArchRule packagesFormNoCycles =
      SlicesRuleDefinition.slices().matching("dev.kcm.core.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule plansArePureData =
      noClasses()
          .that()
          .resideInAnyPackage("dev.kcm.core.plan..", "dev.kcm.core.object..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "java.util.concurrent..",
                  "org.slf4j..",
                  "io.micrometer..",
                  "io.fabric8.kubernetes.client.."))
          .because("what is decided must be printable and testable without a server or a clock");

  @ArchTest
  static final ArchRule decisionsSeeNoClientClockThreadOrLogger =
      noClasses()
          .that()
          .haveNameMatching(".*(Reconciler|Snapshot|Status)")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "dev.kcm.core.api..",
                      "dev.kcm.core.informer..",
                      "dev.kcm.core.run..",
                      "dev.kcm.core.loop..",
                      "dev.kcm.core.time..",
                      "java.util.concurrent..",
                      "java.util.random..",
                      "org.slf4j..",
                      "io.micrometer..",
                      "io.fabric8.kubernetes.client..")
                  .or(
                      nameMatching(
                          "java\\.time\\.Clock|java\\.util\\.Random|java\\.lang\\.Thread")))
          .allowEmptyShould(true)
          .because("a decision depends on nothing but its arguments");

  @ArchTest
  static final ArchRule clocksThreadsAndRandomnessComeFromTheEnvironment =
      noClasses()
          .that(resideOutsideOfPackage("dev.kcm.core.time.."))
          .and()
          .doNotHaveFullyQualifiedName(TERMINATION)
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(ForkJoinPool.class, "commonPool")
          .orShould()
          .callMethodWhere(target(owner(owned(Executors.class))).and(target(nameMatching("new.*"))))
          .orShould()
          .callMethodWhere(target(owner(owned(ThreadLocalRandom.class))))
          .orShould()
          .callMethodWhere(target(owner(nameMatching("java\\.time\\..*"))).and(target(name("now"))))
          .orShould()
          .callMethodWhere(
              target(owner(nameMatching("java\\.util\\.UUID"))).and(target(name("randomUUID"))))
          .orShould()
          .callConstructorWhere(target(owner(owned(Thread.class))))
          .orShould()
          .callConstructorWhere(target(owner(owned(Random.class))))
          .because("only then can a whole manager run on virtual time");

  @ArchTest
  static final ArchRule noStageRunsOnTheDefaultPool =
      noClasses()
          .should()
          .callMethodWhere(asyncWithoutExecutor())
          .because("every stage names its executor");

  @ArchTest
  static final ArchRule aLibraryLeavesTheProcessAlone =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(TERMINATION)
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "exit", int.class)
          .orShould()
          .callMethod(Runtime.class, "halt", int.class)
          .orShould()
          .callMethod(Runtime.class, "addShutdownHook", Thread.class)
          .orShould()
          .callMethodWhere(
              target(owner(nameMatching("io\\.micrometer\\.core\\.instrument\\.Metrics"))))
          .because("an embedder decides about its own process");

  @ArchTest
  static final ArchRule fabric8IsTheTransportOnly =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.fabric8.kubernetes.client.informers..",
                  "io.fabric8.kubernetes.client.extended.leaderelection.."))
          .because("their informers and their elector give up in ways ours must not");

  @ArchTest
  static final ArchRule topLevelClassesAreFinalOrClosed =
      classes()
          .that()
          .areTopLevelClasses()
          .and()
          .areNotInterfaces()
          .and(DescribedPredicate.not(nameMatching(".*package-info")))
          .should()
          .haveModifier(JavaModifier.FINAL)
          .because("nothing here is made to be inherited from");

  private static ArchRule mayUse(String own, String... others) {
    DescribedPredicate<JavaClass> ours = resideInAnyPackage("dev.kcm.core..");
    String[] allowed = new String[others.length + 1];
    allowed[0] = "dev.kcm.core." + own + "..";
    for (int i = 0; i < others.length; i++) {
      allowed[i + 1] = "dev.kcm.core." + others[i] + "..";
    }
    return noClasses()
        .that()
        .resideInAPackage("dev.kcm.core." + own + "..")
        .should()
        .dependOnClassesThat(ours.and(DescribedPredicate.not(resideInAnyPackage(allowed))))
        .because(own + " may use " + String.join(", ", others) + " and nothing else of ours");
  }

  private static DescribedPredicate<JavaClass> owned(Class<?> type) {
    return DescribedPredicate.describe(type.getName(), candidate -> candidate.isEquivalentTo(type));
  }

  private static DescribedPredicate<JavaCall<?>> asyncWithoutExecutor() {
    return DescribedPredicate.describe(
        "an ..Async method without an executor",
        call ->
            call.getTarget().getOwner().isAssignableTo(CompletionStage.class)
                && call.getTarget().getName().endsWith("Async")
                && call.getTarget().getRawParameterTypes().stream()
                    .noneMatch(type -> type.isEquivalentTo(Executor.class)));
  }
}
