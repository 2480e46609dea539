package dev.kcm.embedded;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The package map of the embedded cluster. */
@AnalyzeClasses(packages = "dev.kcm.embedded", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packagesLookOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("store")
          .definedBy("..embedded.store..")
          .layer("rules")
          .definedBy("..embedded.resource..", "..embedded.patch..")
          .layer("discovery")
          .definedBy("..embedded.discovery..")
          .layer("pki")
          .definedBy("..embedded.pki..")
          .layer("nodes")
          .definedBy("..embedded.nodes..")
          .layer("access")
          .definedBy("..embedded.access..")
          .layer("http")
          .definedBy("..embedded.http..")
          .layer("boot")
          .definedBy("..embedded.boot..")
          .layer("ui")
          .definedBy("..embedded.ui..")
          .layer("sandbox")
          .definedBy("..embedded.sandbox..")
          .whereLayer("store")
          .mayOnlyBeAccessedByLayers("rules")
          .whereLayer("discovery")
          .mayOnlyBeAccessedByLayers("http")
          .whereLayer("access")
          .mayOnlyBeAccessedByLayers("http", "boot")
          .whereLayer("http")
          .mayOnlyBeAccessedByLayers("boot")
          .whereLayer("nodes")
          .mayOnlyBeAccessedByLayers("boot", "sandbox")
          .whereLayer("boot")
          .mayOnlyBeAccessedByLayers("sandbox")
          .whereLayer("ui")
          .mayOnlyBeAccessedByLayers("sandbox")
          .whereLayer("sandbox")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule serverAndLibraryJudgeEachOther =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.kcm.core..", "dev.kcm.controllers..", "dev.kcm.daemon..")
          .because("a mistake shared by both sides would be seen by neither");
}
