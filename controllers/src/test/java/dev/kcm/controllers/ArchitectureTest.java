package dev.kcm.controllers;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** What keeps every folder of a controller alike, and every decision pure. */
@AnalyzeClasses(
    packages = "dev.kcm.controllers",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String PURE = ".*(Reconciler|Snapshot|Status|Order|Claims|Victims)";

  @ArchTest
  static final ArchRule decisionsArePure =
      classes()
          .that()
          .haveNameMatching(PURE)
          .should(dependOnlyOnPureThings())
          .because("a decision must run on a laptop, from a file, and come out the same");

  @ArchTest
  static final ArchRule decisionsAskNoClockAndDrawNoLots =
      noClasses()
          .should()
          .callMethod("java.time.Instant", "now")
          .orShould()
          .callMethod("java.lang.System", "nanoTime")
          .orShould()
          .callMethod("java.lang.System", "currentTimeMillis")
          .orShould()
          .callMethod("java.lang.Thread", "sleep", "long")
          .orShould()
          .callConstructor("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
          .because("time and randomness are given; see dev.kcm.core.time");

  @ArchTest
  static final ArchRule controllersDoNotKnowEachOther =
      classes()
          .that()
          .resideOutsideOfPackages(
              "dev.kcm.controllers",
              "dev.kcm.controllers.catalog..",
              "dev.kcm.controllers.shared..")
          .should(dependOnNoOtherFolder())
          .because("what two controllers need stands under controllers.shared");

  @ArchTest
  static final ArchRule sharedLogicKnowsNoController =
      noClasses()
          .that()
          .resideInAPackage("dev.kcm.controllers.shared..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.kcm.controllers..")
                  .and(not(resideInAPackage("dev.kcm.controllers.shared.."))))
          .because("it is the controllers that use it");

  @ArchTest
  static final ArchRule foldersAreComplete =
      classes()
          .that()
          .haveSimpleNameEndingWith("Controller")
          .should(haveACompleteFolder())
          .because("all folders read the same");

  @ArchTest
  static final ArchRule celIsKnownToOnePackage =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.kcm.controllers.shared.cel")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.cel..", "com.google.common..", "com.google.protobuf..")
          .because("it is loaded with the first expression, and not before");

  @ArchTest
  static final ArchRule nothingWritesPastThePlan =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.kcm.core.api..", "io.fabric8.kubernetes.client..")
          .because("controllers write through plans");

  private static ArchCondition<JavaClass> dependOnlyOnPureThings() {
    DescribedPredicate<JavaClass> impure =
        DescribedPredicate.describe(
            "clients, caches, clocks, randomness, threads and loggers", ArchitectureTest::isImpure);
    return new ArchCondition<>("depend on nothing that is not in the snapshot") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
          if (impure.test(dependency.getTargetClass())) {
            events.add(violated(item, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static boolean isImpure(JavaClass target) {
    String name = target.getPackageName();
    return Set.of(
                "java.util.random", "java.util.concurrent", "java.io", "java.nio.file", "java.net")
            .contains(name)
        || Set.of("java.util.Random", "java.lang.Thread", "java.time.Clock", "java.lang.System")
            .contains(target.getName())
        || name.startsWith("org.slf4j")
        || name.startsWith("io.micrometer")
        || name.startsWith("io.fabric8.kubernetes.client")
        || (name.startsWith("dev.kcm.core.")
            && !name.equals("dev.kcm.core.plan")
            && !name.equals("dev.kcm.core.object"));
  }

  private static ArchCondition<JavaClass> dependOnNoOtherFolder() {
    return new ArchCondition<>("depend on no other controller's folder") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
          String target = dependency.getTargetClass().getPackageName();
          boolean ours = target.startsWith("dev.kcm.controllers.");
          boolean shared = target.startsWith("dev.kcm.controllers.shared.");
          if (ours && !shared && !target.equals(item.getPackageName())) {
            events.add(violated(item, dependency.getDescription()));
          }
        }
      }
    };
  }

  /** A decision and its input, here or in an engine under shared; a contract; a law test. */
  private static ArchCondition<JavaClass> haveACompleteFolder() {
    Set<String> lawTests = lawTests();
    return new ArchCondition<>("have a decision, a snapshot, a package-info and a law test") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        if (!uses(item, "Reconciler") && !uses(item, "Engine")) {
          events.add(violated(item, item.getName() + " has no reconciler or engine"));
        }
        if (!uses(item, "Snapshot") && !uses(item, "Engine")) {
          events.add(violated(item, item.getName() + " has no snapshot"));
        }
        if (!item.getPackage().isAnnotatedWith(NullMarked.class)) {
          events.add(violated(item, item.getPackageName() + " has no package-info"));
        }
        if (!lawTests.contains(item.getPackageName())) {
          events.add(violated(item, item.getPackageName() + " has no law test"));
        }
      }
    };
  }

  private static boolean uses(JavaClass controller, String suffix) {
    return controller.getDirectDependenciesFromSelf().stream()
        .map(Dependency::getTargetClass)
        .filter(target -> target.getSimpleName().endsWith(suffix))
        .map(JavaClass::getPackageName)
        .anyMatch(
            name ->
                name.equals(controller.getPackageName())
                    || name.startsWith("dev.kcm.controllers.shared."));
  }

  private static Set<String> lawTests() {
    return new ClassFileImporter()
            .withImportOption((Location location) -> location.contains("/test-classes/"))
            .importPackages("dev.kcm.controllers")
            .stream()
            .filter(test -> test.getSimpleName().endsWith("LawsTest"))
            .filter(test -> test.isAssignableTo("dev.kcm.testkit.ReconcilerLaws"))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toSet());
  }
}
