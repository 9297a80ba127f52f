//! A program with statics of many types. It waits for a line, changes all of them, and waits again.
//! Not a module: the tests compile it in several ways.

#![allow(static_mut_refs, dead_code)]

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI16, AtomicPtr, AtomicU32, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, LazyLock, Mutex, Once, OnceLock, RwLock};
use std::time::Duration;

static NUMBER: AtomicU32 = AtomicU32::new(7);
static NEGATIVE: AtomicI16 = AtomicI16::new(-2);
static FLAG: AtomicBool = AtomicBool::new(false);
static ADDRESS: AtomicPtr<u8> = AtomicPtr::new(std::ptr::null_mut());
static mut TUPLE: (u8, char, f64, bool) = (1, 'x', 1.5, true);
static mut WIDE: u128 = 1;
static mut ARRAY: [u16; 3] = [1, 2, 3];
static mut LONG: [u8; 100] = [0; 100];
static mut OPTION: Option<u32> = None;
static mut NICHE: Option<Box<u32>> = None;
static mut CHOICE: Choice = Choice::First;
static mut SHAPE: Shape = Shape::Empty;
static mut ORDER: Option<std::cmp::Ordering> = None;
static STRUCT: Mutex<Point> = Mutex::new(Point { x: 1, label: None, inner: Pair(2, true) });
static TEXT: Mutex<&str> = Mutex::new("hello");
static OWNED: Mutex<String> = Mutex::new(String::new());
static FOLDER: Mutex<Option<PathBuf>> = Mutex::new(None);
static LIST: RwLock<Vec<u32>> = RwLock::new(Vec::new());
static NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());
static UNITS: Mutex<Vec<()>> = Mutex::new(Vec::new());
static QUEUE: Mutex<VecDeque<u8>> = Mutex::new(VecDeque::new());
static SORTED: Mutex<BTreeSet<u8>> = Mutex::new(BTreeSet::new());
static ONCE: Once = Once::new();
static LOCK: OnceLock<String> = OnceLock::new();
static LAZY: LazyLock<Mutex<BTreeMap<String, u32>>> = LazyLock::new(Default::default);
static HASH: LazyLock<RwLock<HashMap<String, Vec<u32>>>> = LazyLock::new(Default::default);
static FAILED: LazyLock<u32> = LazyLock::new(|| panic!());
static NESTED: OnceLock<Option<OnceLock<u8>>> = OnceLock::new();
static SHARED: Mutex<Option<Arc<Point>>> = Mutex::new(None);
static DYNAMIC: Mutex<Option<Box<dyn Fn() -> u32 + Send>>> = Mutex::new(None);
static FUNCTION: Mutex<fn() -> u32> = Mutex::new(inside);
static WAIT: Mutex<Duration> = Mutex::new(Duration::ZERO);
static POISONED: Mutex<u8> = Mutex::new(0);
static SLICE: Mutex<&[i8]> = Mutex::new(&[]);
static CHAIN: Mutex<Option<Box<Link>>> = Mutex::new(None);
static mut CELLS: Cells = Cells(Cell::new(1), RefCell::new(2), OnceCell::new());
#[unsafe(no_mangle)]
static EXPORTED: AtomicUsize = AtomicUsize::new(1);
#[unsafe(link_section = "custom_statics")]
static PLACED: AtomicU32 = AtomicU32::new(1);

mod module {
    pub static HIDDEN: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(1);
}

thread_local! {
    static LOCAL: Cell<u32> = const { Cell::new(1) };
    static DROPPED: RefCell<Vec<u32>> = RefCell::new(Vec::new());
}

struct Point {
    x: u8,
    label: Option<&'static str>,
    inner: Pair,
}

struct Pair(u16, bool);
struct Cells(Cell<u8>, RefCell<u8>, OnceCell<u8>);
struct Link {
    value: u32,
    next: Option<Box<Link>>,
}

#[derive(Clone, Copy)]
enum Choice {
    First,
    Second,
}

enum Shape {
    Empty,
    Circle(f32),
    Rectangle { width: u64, height: u64 },
}

struct Generic<T>(T);

impl<T> Generic<T> {
    fn count() -> u32 {
        static COUNTED: AtomicU32 = AtomicU32::new(0);
        COUNTED.fetch_add(1, SeqCst)
    }
}

fn inside() -> u32 {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    COUNTER.fetch_add(1, SeqCst)
}

#[rustfmt::skip]
fn change() {
    NUMBER.store(8, SeqCst);
    NEGATIVE.store(-300, SeqCst);
    FLAG.store(true, SeqCst);
    ADDRESS.store(std::ptr::dangling_mut(), SeqCst);
    unsafe {
        TUPLE = (2, '\n', -0.25, false);
        WIDE = u128::MAX;
        ARRAY[1] = 9;
        LONG[99] = 1;
        OPTION = Some(3);
        NICHE = Some(Box::new(4));
        CHOICE = Choice::Second;
        SHAPE = if FLAG.load(SeqCst) { Shape::Rectangle { width: 3, height: 4 } } else { Shape::Circle(0.5) };
        ORDER = Some(std::cmp::Ordering::Less);
        CELLS.0.set(5);
        std::mem::forget(CELLS.1.borrow_mut());
        CELLS.2.set(6).unwrap();
    }
    *STRUCT.lock().unwrap() = Point { x: 2, label: Some("p"), inner: Pair(3, false) };
    *TEXT.lock().unwrap() = "bye\u{202e}\u{1b}[31m";
    *OWNED.lock().unwrap() = "é".repeat(70);
    *FOLDER.lock().unwrap() = Some("/tmp/a".into());
    LIST.write().unwrap().extend([1, 2, 3]);
    NAMES.lock().unwrap().extend((0..6).map(|index| format!("n{index}")));
    UNITS.lock().unwrap().extend([(), ()]);
    QUEUE.lock().unwrap().push_back(1);
    SORTED.lock().unwrap().extend([1, 2]);
    ONCE.call_once(|| ());
    LOCK.get_or_init(|| "set".into());
    LAZY.lock().unwrap().insert("a".into(), 1);
    HASH.write().unwrap().extend([("a".into(), vec![]), ("b".into(), vec![])]);
    std::panic::set_hook(Box::new(|_| ()));
    let _ = std::panic::catch_unwind(|| *FAILED);
    NESTED.get_or_init(|| Some(OnceLock::from(5)));
    *SHARED.lock().unwrap() = Some(Arc::new(Point { x: 4, label: None, inner: Pair(5, true) }));
    *DYNAMIC.lock().unwrap() = Some(Box::new(|| 1));
    *WAIT.lock().unwrap() = Duration::from_millis(1_500);
    let _ = std::panic::catch_unwind(|| { let mut held = POISONED.lock().unwrap(); *held = 1; panic!() });
    *SLICE.lock().unwrap() = &[-1, 2];
    let end = Link { value: 2, next: None };
    *CHAIN.lock().unwrap() = Some(Box::new(Link { value: 1, next: Some(Box::new(end)) }));
    EXPORTED.store(2, SeqCst);
    PLACED.store(2, SeqCst);
    module::HIDDEN.store(2, SeqCst);
    LOCAL.set(2);
    DROPPED.with(|dropped| dropped.borrow_mut().push(1));
    println!("{} {}", Generic::<u8>::count(), FUNCTION.lock().unwrap()());
    let _ = unsafe { (TUPLE.0, ARRAY[0], CHOICE as u8, matches!(SHAPE, Shape::Empty), OPTION, WIDE) };
}

fn main() {
    let mut line = String::new();
    println!("ready");
    std::io::stdin().read_line(&mut line).unwrap();
    change();
    println!("ready");
    std::io::stdin().read_line(&mut line).unwrap();
}
