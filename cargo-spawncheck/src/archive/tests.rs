//! Archives that this program would not write.

use super::Extracted;
use super::manifest::{self, Manifest, Record, Root};
use super::start::check_platform;
use crate::args::FromArchive;
use crate::platform::Platform;
use spawncheck::child::Interrupt;
use std::path::{Path, PathBuf};
use tar::EntryType;

/// A folder with a workspace, an archive, and what is unpacked.
struct Scene {
    folder: tempfile::TempDir,
    manifest: Manifest,
    tar: tar::Builder<Vec<u8>>,
    args: FromArchive,
}

impl Scene {
    /// An archive without files yet, whose manifest names one binary.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("checkout/p")).unwrap();
        let record = Record {
            id: "p".into(),
            package: "p".into(),
            target: "--lib".into(),
            platform: Platform {
                triple: format!("{}-unknown-{}", std::env::consts::ARCH, std::env::consts::OS),
            },
            executable: "/w/target/debug/p".into(),
            dir: "/w/p".into(),
            env: vec![("OUT_DIR".into(), "/w/target/out".into())],
            library_path: vec!["/w/target/debug".into()],
        };
        let manifest = Manifest {
            schema: manifest::SCHEMA,
            version: "0.0.0".into(),
            windows_paths: false,
            workspace: "/w".into(),
            roots: vec![Root { path: "/w/target".into(), folder: "target".into() }],
            bytes: 0,
            binaries: vec![record],
        };
        let args = FromArchive {
            workspace_remap: Some(folder.path().join("checkout")),
            extract_to: Some(folder.path().join("unpacked")),
            ..FromArchive::default()
        };
        Self { folder, manifest, tar: tar::Builder::new(Vec::new()), args }
    }

    fn with(change: impl FnOnce(&mut Manifest)) -> Self {
        let mut scene = Self::new();
        change(&mut scene.manifest);
        scene
    }

    /// An entry with any path, which the library would refuse to write.
    fn entry(mut self, path: &str, kind: EntryType, link: &str, content: &[u8]) -> Self {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
        header.as_gnu_mut().unwrap().linkname[..link.len()].copy_from_slice(link.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(0o755);
        header.set_size(content.len() as u64);
        header.set_cksum();
        self.tar.append(&header, content).unwrap();
        self
    }

    fn file(self, path: &str, content: &[u8]) -> Self {
        self.entry(path, EntryType::Regular, "", content)
    }

    /// The executable that the manifest names.
    fn whole(self) -> Self {
        self.file("target/debug/p", b"executable")
    }

    /// The packed archive.
    fn packed(&mut self) -> Vec<u8> {
        let text = serde_json::to_vec(&self.manifest).unwrap();
        let mut first = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        first.append_data(&mut header, manifest::PATH, &*text).unwrap();
        // Without what ends a tar, which follows the files.
        let mut bytes = std::mem::take(first.get_mut());
        self.tar.finish().unwrap();
        bytes.extend(self.tar.get_ref());
        pack(&bytes)
    }

    fn open(&self, packed: &[u8]) -> Result<Extracted, String> {
        let file = self.folder.path().join("a.tar.zst");
        std::fs::write(&file, packed).unwrap();
        Extracted::open(&file, &self.args, &Interrupt::new().unwrap()).map_err(|error| error.to_string())
    }

    /// What is in the folder besides the archive and the checkout.
    fn left(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let known = ["a.tar.zst", "checkout"].map(|name| self.folder.path().join(name));
        entries.filter(|path| !known.contains(path)).collect()
    }

    /// It is refused for a reason, with a way out, and leaves nothing behind.
    #[track_caller]
    fn check_refused(mut self, reason: &str) {
        let packed = self.packed();
        self.check_packed(&packed, reason);
    }

    #[track_caller]
    fn check_packed(&self, packed: &[u8], reason: &str) {
        let error = self.open(packed).unwrap_err();
        assert!(error.contains(reason), "no `{reason}`: {error}");
        assert!(error.contains("a.tar.zst") && error.contains("(hint: "), "{error}");
        assert_eq!(self.left(), Vec::<PathBuf>::new());
    }
}

fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.include_checksum(true).unwrap();
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_good_one() {
    let mut scene = Scene::new().whole().file("target/out/a", b"data").entry(
        "target/empty/",
        EntryType::Directory,
        "",
        b"",
    );
    let packed = scene.packed();
    let extracted = scene.open(&packed).unwrap();
    let target = scene.folder.path().join("unpacked/target");
    assert_eq!(std::fs::read(target.join("out/a")).unwrap(), b"data");
    assert!(target.join("empty").is_dir());
    let built = extracted.built(&[], |_, _| true).unwrap();
    let launch = &built[0].launch;
    assert_eq!(launch.executable, target.join("debug/p"));
    assert_eq!(launch.dir, extracted.workspace.join("p"));
    assert!(launch.runner.is_empty());
    for environment in [&launch.inherited, &launch.sealed] {
        let value = |wanted: &str| {
            environment
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| PathBuf::from(value))
                .unwrap()
        };
        assert_eq!(value("OUT_DIR"), target.join("out"));
        let libraries = value(crate::build::LIBRARY_PATH);
        assert_eq!(std::env::split_paths(&libraries).next().unwrap(), target.join("debug"));
    }
    // Nothing is written over it.
    assert!(scene.open(&packed).unwrap_err().contains("no empty folder"));
}

#[test]
fn an_unpacked_one_goes_away_with_its_value() {
    let mut scene = Scene::new().whole();
    scene.args.extract_to = None;
    let packed = scene.packed();
    let extracted = scene.open(&packed).unwrap();
    let executable = extracted.built(&[], |_, _| true).unwrap().remove(0).launch.executable;
    assert!(executable.is_file());
    drop(extracted);
    assert!(!executable.exists());
}

#[test]
fn binaries_are_chosen() {
    let mut scene = Scene::new().whole();
    let packed = scene.packed();
    let extracted = scene.open(&packed).unwrap();
    assert!(
        extracted.built(&[], |package, target| (package, target) == ("p", "--test it")).unwrap().is_empty()
    );
    assert_eq!(extracted.built(&[], |package, target| (package, target) == ("p", "--lib")).unwrap().len(), 1);
}

#[test]
fn paths_that_lead_out() {
    for path in
        ["/etc/passwd", "../evil", "target/../../evil", "target//evil", "target/./evil", "./target/evil"]
    {
        Scene::new().whole().file(path, b"x").check_refused("leads out of it");
    }
    Scene::new().whole().file("elsewhere/evil", b"x").check_refused("no folder that its manifest knows");
    Scene::new().whole().file("spawncheck/evil", b"x").check_refused("no folder that its manifest knows");
}

#[test]
fn what_is_no_file() {
    for kind in [EntryType::Symlink, EntryType::Link] {
        Scene::new()
            .whole()
            .entry("target/x", kind, "/etc/passwd", b"")
            .check_refused("neither file nor folder");
        // Not even to something that is in it.
        Scene::new().whole().entry("target/x", kind, "debug/p", b"").check_refused("neither file nor folder");
    }
    for kind in [EntryType::Char, EntryType::Block, EntryType::Fifo, EntryType::Continuous] {
        Scene::new().whole().entry("target/x", kind, "", b"").check_refused("neither file nor folder");
    }
    Scene::new().whole().entry("target/x", EntryType::GNUSparse, "", b"").check_refused("");
}

#[test]
fn what_is_there_twice() {
    Scene::new().whole().whole().check_refused("`target/debug/p` is there twice");
    Scene::new().whole().file("target/debug/p/below", b"x").check_refused("target/debug/p/below");
    Scene::with(|manifest| {
        let root = Root { path: "/x".into(), folder: "target".into() };
        manifest.roots.push(root);
    })
    .whole()
    .check_refused("`target` is there twice");
}

#[test]
fn what_would_fill_the_disk() {
    let limited = |mut scene: Scene| {
        scene.args.extract_limit = 1 << 20;
        scene
    };
    limited(Scene::new()).whole().file("target/large", &vec![0; 2 << 20]).check_refused("and 1 are allowed");
    let many = |scene: Scene, number: usize| {
        (0..number).fold(scene, |scene, index| scene.file(&format!("target/{index}"), b"x"))
    };
    many(limited(Scene::new()).whole(), 300).check_refused("and 1 are allowed");
    // Folders take room, and may be many to a file.
    let deep = "d/".repeat(40);
    let fold =
        |scene: Scene| (0..8).fold(scene, |scene, index| scene.file(&format!("target/{index}/{deep}x"), b""));
    fold(limited(Scene::new()).whole()).check_refused("and 1 are allowed");
    // What the manifest says is looked at before anything is unpacked.
    limited(Scene::with(|manifest| manifest.bytes = 2 << 20)).whole().check_refused("--extract-limit");
    let mut vast = Scene::with(|manifest| manifest.bytes = u64::MAX / 2).whole();
    vast.args.extract_limit = u64::MAX;
    vast.check_refused("--extract-to names another folder");
}

/// A name of a gibibyte would be held in memory.
#[test]
fn what_is_no_content_has_a_limit() {
    let long = |length| {
        let name = vec![b'a'; length];
        Scene::new().whole().entry("././@LongLink", EntryType::GNULongName, "", &name).file("target/x", b"x")
    };
    long(4 << 20).check_refused("too much between its files");
    long(100_000).check_refused("a path in it has 100000 bytes");
    let mut scene = Scene::new().whole();
    let mut packed = scene.packed();
    packed.extend(pack(&vec![0; 8 << 20]));
    scene.check_packed(&packed, "too much between its files");
}

#[test]
fn what_is_cut_off_or_damaged() {
    let mut scene = Scene::new().whole();
    let packed = scene.packed();
    for length in [0, 1, 10, packed.len() / 2, packed.len() - 1] {
        scene.check_packed(&packed[..length], "(hint: is it whole?");
    }
    let mut damaged = packed.clone();
    *damaged.last_mut().unwrap() ^= 1;
    scene.check_packed(&damaged, "(hint: is it whole?");
    scene.check_packed(b"no archive at all", "(hint: is it whole?");
    scene.check_packed(&pack(b""), "nothing in it");
    scene.check_packed(&pack(&[7; 4096]), "(hint: is it whole?");
    Scene::new().check_refused("the executable of `p` is not in it");
}

#[test]
fn other_tars() {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(1);
    tar.append_data(&mut header, "README", &b"x"[..]).unwrap();
    Scene::new().check_packed(&pack(&tar.into_inner().unwrap()), "it does not begin with");
}

#[test]
fn other_versions_and_machines() {
    Scene::with(|manifest| manifest.schema = 2).whole().check_refused("it has schema 2 (version 0.0.0)");
    let elsewhere = Platform { triple: "pdp11-dec-plan9".into() };
    Scene::with(|manifest| manifest.binaries[0].platform = elsewhere)
        .whole()
        .check_refused("`p` is built for pdp11-dec-plan9, and this is ");
}

#[test]
fn sources_that_are_not_there() {
    let mut scene = Scene::new().whole();
    scene.args.workspace_remap = None;
    scene.check_refused("there is no workspace `/w` here");
    Scene::with(|manifest| manifest.binaries[0].dir = "/w/q".into())
        .whole()
        .check_refused("--workspace-remap");
}

#[test]
fn a_runner_of_this_machine_starts_what_is_foreign() {
    let elsewhere = Platform { triple: "pdp11-dec-plan9".into() };
    let manifest = Scene::with(|manifest| manifest.binaries[0].platform = elsewhere).manifest;
    let with = |words: &[&str]| {
        let runner = words.iter().map(Into::into).collect();
        check_platform(&manifest, &[("pdp11-dec-plan9".to_owned(), runner)].into())
    };
    assert!(with(&["simh", "-q"]).is_ok());
    let refused = with(&[]).unwrap_err();
    assert!(refused.hint.contains("CARGO_TARGET_PDP11_DEC_PLAN9_RUNNER"), "{}", refused.hint);
}

/// It would take hours to compare each with each.
#[test]
fn manifests_of_many_things() {
    Scene::with(|manifest| {
        let record = |id: usize| Record {
            id: id.to_string(),
            package: String::new(),
            target: String::new(),
            platform: manifest.binaries[0].platform.clone(),
            executable: String::new(),
            dir: String::new(),
            env: Vec::new(),
            library_path: Vec::new(),
        };
        manifest.binaries = (0..200_000).chain([7]).map(record).collect();
    })
    .check_refused("`7` is there twice");
    let root = |index| Root { path: format!("/{index}"), folder: format!("f{index}") };
    Scene::with(|manifest| manifest.roots.extend((0..1_000).map(root)))
        .whole()
        .check_refused("its files are in 1001 folders");
}

#[test]
fn variables_that_no_system_has() {
    for (name, value) in [("", "x"), ("A=B", "x"), ("A\0B", "x"), ("A", "x\0y")] {
        let variable = (name.to_owned(), value.to_owned());
        Scene::with(|manifest| manifest.binaries[0].env.push(variable))
            .whole()
            .check_refused("no system has");
    }
}

/// A program that is already on the machine is none of the archive's.
#[test]
fn executables_that_were_not_unpacked() {
    for executable in ["/bin/sh", "/w/p/script", "/w/target/../p/script", "target/debug/p"] {
        let scene = Scene::with(|manifest| manifest.binaries[0].executable = executable.into());
        std::fs::write(scene.folder.path().join("checkout/p/script"), "").unwrap();
        scene.whole().check_refused("the executable of `p` is not in it");
    }
}

#[test]
fn folders_that_lead_out() {
    for folder in ["", "..", "/etc", "a/b", "."] {
        let scene = Scene::with(|manifest| manifest.roots[0].folder = folder.into()).whole();
        scene.check_refused("is no folder for files");
    }
}

#[test]
fn what_is_in_the_way_stays() {
    let mut scene = Scene::new().whole();
    let packed = scene.packed();
    let way = scene.folder.path().join("unpacked");
    std::fs::write(&way, "mine").unwrap();
    assert!(scene.open(&packed).unwrap_err().contains("no empty folder"));
    assert_eq!(std::fs::read_to_string(&way).unwrap(), "mine");
    std::fs::remove_file(&way).unwrap();
    // An empty folder is as good as none.
    std::fs::create_dir(&way).unwrap();
    scene.open(&packed).unwrap();
    assert!(way.join("target/debug/p").is_file());
}

#[test]
fn no_archive() {
    let error =
        Extracted::open(Path::new("missing.tar.zst"), &FromArchive::default(), &Interrupt::new().unwrap());
    let error = error.unwrap_err().to_string();
    assert!(error.contains("`missing.tar.zst`") && error.contains("--archive-file FILE"), "{error}");
}
