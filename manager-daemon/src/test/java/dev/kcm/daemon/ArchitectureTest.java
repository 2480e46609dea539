package dev.kcm.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The package map of the daemon. */
@AnalyzeClasses(packages = "dev.kcm.daemon", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packagesLookOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("flags")
          .definedBy("..daemon.flags..")
          .layer("logs")
          .definedBy("..daemon.logs..")
          .layer("options")
          .definedBy("..daemon.options..")
          .layer("tls and auth")
          .definedBy("..daemon.tls..", "..daemon.auth..")
          .layer("http")
          .definedBy("..daemon.http..")
          .layer("endpoints")
          .definedBy("..daemon.endpoints..", "..daemon.profiles..")
          .layer("accounts")
          .definedBy("..daemon.accounts..")
          .layer("notify")
          .definedBy("..daemon.notify..")
          .layer("rehearsal")
          .definedBy("..daemon.rehearsal..")
          .layer("boot")
          .definedBy("..daemon.boot..")
          .whereLayer("flags")
          .mayOnlyBeAccessedByLayers("logs", "options", "boot")
          .whereLayer("logs")
          .mayOnlyBeAccessedByLayers("options", "boot")
          .whereLayer("options")
          .mayOnlyBeAccessedByLayers("endpoints", "boot")
          .whereLayer("tls and auth")
          .mayOnlyBeAccessedByLayers("http", "rehearsal", "boot")
          .whereLayer("http")
          .mayOnlyBeAccessedByLayers("endpoints", "rehearsal", "boot")
          .whereLayer("accounts")
          .mayOnlyBeAccessedByLayers("boot")
          .whereLayer("notify")
          .mayOnlyBeAccessedByLayers("boot")
          .whereLayer("rehearsal")
          .mayOnlyBeAccessedByLayers("boot")
          .whereLayer("endpoints")
          .mayOnlyBeAccessedByLayers("boot")
          .whereLayer("boot")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule onlyBootKnowsControllers =
      noClasses()
          .that()
          .resideOutsideOfPackage("..daemon.boot..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.kcm.controllers..");
}
