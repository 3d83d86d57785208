/** Everyday English words of up to six letters. They are no symbols and no typing errors unless something marks them. */
const text = `
a able wish wishes about above add after again ago ahead aint air all alert almost alone along also always am an and angry any apart app are
area arent arm army around art as ask asks ate aunt away baby back bad bag ball band bank bar base bath be bear beat bed been beer
before began begin behind being bell below best bet better big bill bird bit bite black block blood blow blue board boat body bold
bomb bond bone book boom boot bore born boss both box boy brain bread break bring broke broken bro bros brown bug build built bull
bulls bunch burn bus busy but by bye cake call called calls calm came camp can cant car card cards care case cash cat cause caused
cell chair chance change chars chart charts chase chat cheap check chef chose city class clean clear clone closed closer closes
closet cloud club coat code coffee coin cold color come comes coming cook cool copy cost costs could count course court cover crap
crash crazy cross cry cup cut cute cuts cycle dad damn dark data date day days dead deal dear death deep did didnt die diet dig dip
dips dinner dirty do does doesnt dog dogs done dont door doubt down drag draw dream dress drink drive drop drops drug dry dude due
dumb dump during dust each ear early earn ears earth ease east easy eat edge egg eight either else empty end ended ends energy
enough enter even event ever every exam eye eyes face fact fail fair faith fall falls false family fan far farm fast fat fate
father fault favor fear feed feel feels feet fell felt few field fight file fill film final find fine fire firm first fish fit five
fix flag flat flight floor flow fly folks food foot for force forget form fort four free fresh friday friend from front fuck fuel
full fun fund funds funny future gain gains game games gap gas gate gave gear get gets girl give given gives glad glass go goal god
goes going gold gone gonna good got gotta grand grass great green grew grind gross ground group grow guess gun gut guy guys had
hair half hall hand hands hang happy hard has hat hate have having he head health hear heard heart heat heavy hell hello help her
here hero hers hey hi high higher hike him his hit hits hold home honest hope hopes horse hot hotel hour hours house how huge human
hunt hurt i ice idea ideas if ill im image in inch index info inside into is isnt issue it item its ive jail jan job jobs join joke
jokes joy judge july jump june just keen keep keeps kept key kick kid kids kill kind king knee knew know known knows lack lady lake
land large last late lately later laugh law lay layer lazy lead leader leave left leg legs less let lets level levels lie life
light like liked likes limit line lines lip list listen lit little live lived lives load loan lock log lol lone lonely longer look
looks loose lord lose loses loss losses lost lot lots loud love loved loves low lower luck lucky lunch mad made mail main major
make makes mall man many map march mark market mass match math matter max may maybe me meal mean means meat media meet meme men
mental menu mess met middle might mile milk mind mine minor mins minute miss missed mix mode model modern mom moment monday money
month months mood moon more most mother mouth move moved moves movie much music must mute my name names near neck need needs never
new news next nice night nine no nobody noise none noon nope nor north nose not note noted notes noun now number nut odd odds of
off offer office often oh oil ok okay old older omg on once one ones online only open opened opens or order orders other others our
out over own owner pace pack page paid pain pair pan panic paper park part parts party pass past path pause pay pays peace peak
pen people per pet phone photo pick piece pig pile pink pizza place plan plane plans plant play played player plays please plenty
plug plus point points policy poll poor pop post posts pot pound power press pretty price prices prime print prob prof profit
proof proper proud pub pull pump pumped pure push put puts queen quick quit quite quota race rage rain raise ran range rate rates
rather ready real really reason recent red rekt rent report rest rich ride right ring rip rise risk risks risky river road rock
role roll roof room rough round row rug rule rules run runs rush sad safe said sail salad sale sales salt same sat save saw say says
scale scam scared scene school score scores scream sea season seat sec second secret see seem seems seen self sells send sense sent
series set sets seven shall shame shape share shares sharp she sheet shelf ship shirt shit shop shore shot should show shower shows
shut sick side sides sigh sign silly simple since sing sir sister sit site six size skill skin skip sky sleep slept slip smart
smell smile smoke snow so social sock soft soil sold some son song soon sorry sort sound soup source south space speak speech speed
spend spent spin split spoke sport spot spread spring stage stake stand star stars start starts stay stays steak steal steam step
steps stick still stock stocks stone stood stops store storm story street stress strike strong stuck stuff style such suck sucks
sugar suit summer sun super sure swear sweet swim swing system table take taken takes tale talk talks tall tank tape targets task
taste tax tea teach team teams tear tech teeth tell tells ten tend term test tests text than thank thanks that thats the their them
then there these they thick thin thing things think this those though three threw throw tie ties tight till time times tiny tip
tips tired to today toe told tomorrow ton tone too took tool top tops total touch tough tour toward town toy track trade trader
trades train trap trash travel tree trend trial trick trip truck true trust truth try trying tube turn tv twice two type ugh ugly
uncle under until up upon us use used user uses usual value van vast very via video view vote wage wait wake walk wall wallet want
wants war warm was wash wasnt waste water wave waves way ways we weak wear week weeks weird well went were west wet what whats when
where which while white who whole whom whose why wide wife wild will win wind window wine wing wins winter wire wise wish with
woke woman women won wonder wont wood word words wore work works world worry worse worst worth would wow write wrong wrote yard yeah
year years yell yep yes yet yo you young your yours yup zero zone
actor actors alarm album angel angels apes apples attic autumn bacon bagel bagels bail baker balls banana banks barber bats beach
beans beard beards bears beef beers belt bench berry bike bikes bills birds blog blogs boats bonus bottle bowl bowls boxing bribe
bridge bruh brush budget bulb bulbs burger buses butter cable cables cakes camel camera candle candy carpet carrot cars castle
cellar cents chain chairs cheese chess chips church cities cliff clock clocks clouds clown coach coins comet cookie cops corn
couch cows crab crabs crime crimes crow crowd crowds crown crows cups curls curry debt debts deer demon desert desk devil diary
dice diets dive dives doctor doll dolls donkey donut donuts dragon drama drawer dreams driver drums duck ducks dudes eagle eagles
eggs email emails essay exams fence fences files flags flood folder forest fork forks fox foxes fridge fries frog frogs garden
garlic gates geese ghost ghosts gift gifts glove gloves glue goals goats golf goose gossip grape grapes guilty guitar gym habit
habits halls hawk hawks hens hills hobby hockey honey horses houses hype inbox island jeans jog jogs juice jungle kings kites
knife knight knives koala lakes lamb lambs lamp lamps laptop laser lava lawn lawyer lemon lemons letter lime limes lion lions
lizard llama loans lobby loop mac maid makeup mango mask masks mates memes mice mirror modem monk monkey moons moose mosque motel
mouse movies mugs mule museum nail nails naps nation nets ninja novel nun nurse nuts ocean onion owl owls paint pals panda pandas
pants papers parade pasta paths peach pear pears peas pencil pens pepper phones photos piano pies pigs pillow pilot pirate planet
plate plates plum plums poem poems poker police ponies pony pool pope pork porn prank pranks priest prince prison purse puzzle
quake queens rabbit radio rats rice rivers robot robots rocket roofs rugby rugs rumor rumors sailor saint salary sand sauce
screen seats seeds selfie server sharks sheep sheets shoe shoes shrimp skate ski skis sloth snack snacks snake snakes soap soccer
soda sodas sofa songs spice spoon spoons sprint squat squats staff stairs state states statue storms surf sushi swan swans syrup
tab tabs taco tacos tattoo taxes taxi temple tennis thief ticket tiger tigers toad toads tooth towel towels tower towers toys
trails trains trucks tunnel turkey tweet tweets vault videos violin vlog wages waiter whale whales wifi winds wires witch wizard
wolf wolves woods yoga zombie zoo
`

/** Everyday English words. */
export const englishWords: ReadonlySet<string> = new Set(text.split(/\s+/).filter(Boolean))

/** Words that traders write in capitals and that are no symbols. */
export const shouted: ReadonlySet<string> = new Set(
  `cmp mtm ltp twap pt tgt stp asap eod gtc mkt lmt lol lmao rofl fyi btw imo imho tbh ath atl ceo cfo fed fomc usa us uk eu yolo fomo hodl moass dd er eps ipo etf
  otm itm atm cpi ppi gdp gap irs sec nyse vwap rvol rsi macd atr vp ema sma pnl pl pdt rip wtf omg brb afk gg wp ty thx pls plz me
  ok no yes hi hey am pm est et utc gmt cet pst edt nope yep idk nvm smh ngmi wagmi rekt bull bear sl tp oco dca hft ai api qqqs
  buy sell long short close stop target trail chart quote watch mute help exit flat out now all half fast slow medium smart market
  limit cancel scaleout bracket trim add task tasks history orders positions alerts move the and for not but`
    .split(/\s+/)
    .filter(Boolean),
)

/** Words that follow a command and are never a symbol, even in capitals. */
export const noSymbols: ReadonlySet<string> = new Set(
  `it this that these those them here there now again today tonight tomorrow yesterday currently current me us you we he she they i
  doing looking trading chart charts please pls plz thanks thank thx ty bro bruh man mate dude guys folks pal boss chief buddy friend fam
  sir lol lmao rofl haha omg wtf asap already finally then so just too also really very minus size avg headline headlines together directly simply straight finally again fam lads still ever yet soon later quick quickly up down
  out off in on at to of for from by with and or but not if when once is are was do does did has have had can could would should will
  may might must be been the a an my your our his her their its all any some more most much many few half both each every one two what
  whats which who why how where position positions order orders trade trades share shares stock stocks price prices market mkt limit lmt
  stop stops target targets sl tp pt tgt stp loss profit profits gain gains bag bags account book portfolio money cash side rest thing
  things stuff shit crap trash mess everything anything something nothing gtc eod day open close closed session pnl pl btw imo imho fyi idk
  am pm est et utc goes go going gone set put make bid ask offer last first latest oldest newest next previous entry cost even vwap support resistance overall total far short shorts long longs calls puts options winners losers reds greens daily weekly hourly high higher low lower
  wish wishes auto ask twap vwap config configuration settings setting status mode list cmp portfolio portfolios exposure holding holdings qty quantity pieces pcs piece completely fully totally entirely complete name names
  ticker tickers symbol entirety remainder execution executions results result
  except excluding besides mo moment activate actually like watchlist instead atm
  good bad great nice plus right left back over under above below behind about around near after before until`
    .split(/\s+/)
    .filter(Boolean),
)
