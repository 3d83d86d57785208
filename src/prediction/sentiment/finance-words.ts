/**
 * The words of finance, for headlines. Values go from −3 to 3. `surge*` stands for surge, surges, surged and surging, `drop**` for the
 * same with its last letter doubled; `#` is any number. A phrase counts before its words.
 */

/** Verbs, nouns and adjectives that say in which direction something goes; good or bad by the thing that goes there. */
export const directions: Record<string, string> = {
  3: 'surge* soar* skyrocket* rocket* zoom* explode* double* triple* quadruple*',
  2.5: `jump* rally* leap* spike* swell* boom* 
      `,
  2: `rise rises rose risen rising gain* climb* grow grows grew grown growing increase* advance* rebound* recover* raise* boost* hike* lift* expand*
      accelerate* higher up-# widen* mount* deepen* add-# adds-# upswing uptick bounce* bounce-back
      bounces-back run-up pop** strengthen* improve* ramp-up ramps-up ramping-up step-up steps-up
      on-the-rise beef-up beefs-up shares-up stock-up stocks-up futures-up is-up are-up gap-up gaps-up trading-up extend* higher-than-expected faster-than-expected
      larger-than-expected bigger-than-expected wider-than-expected bigger larger wider more-than-double*
      hotter-than-expected hotter buoy* spurt* roars-back roar-back swells ballooning balloon* outgrow* multiply* quicken* perk-up perks-up take-off takes-off took-off pick-up picks-up picked-up picking-up pile-up piles-up firmed firms-up intensify* rebounded biggest-gain biggest-rise
      go-up goes-up went-up coming-up-higher come-up more-than-expected stronger-bookings
      faster quicker`,
  1: 'edge-up edges-up edged-up edge-higher edges-higher edged-higher inch-up inches-up inched-up tick-up ticks-up ticked-up fuel* stoke* spark* raising',
  '-1': 'edge-down edges-down edged-down edge-lower edges-lower edged-lower inch-lower inches-lower tick-lower ticks-lower dip** ease* moderate* cool* trim** pare* shave* slip**',
  '-2': `fall falls fell fallen falling decline* decrease* drop** cut cuts cutting reduce* reduction lower lowers lowered lowering down-# slide slides slid sliding
      sink sinks sank sinking shrink shrinks shrank shrinking retreat* contract-sharply narrow* loses-# lose-# lost-# lag** weaken* drag**
      subside* roll-back rolls-back soften* fade* slow slows slowed slowing scale-back scales-back curb* contraction shares-down stock-down stocks-down futures-down is-down are-down gap-down gaps-down trading-down lower-than-expected
      slower-than-expected smaller-than-expected smaller narrower fewer
            downturn pullback pull-back pulls-back backslide* on-the-decline
      cooler-than-expected cooler softer-than-expected weaker-than-expected recede* wane* abate* dissipate* dwindle* diminish* taper* pays-down pay-down paid-down repay* retrench* whittle* ebb* droop* backs-off
      coming-down come-down comes-down came-down go-down goes-down eliminate* thin** crimped taken-down cut-back cuts-back
      slower`,
  '-2.5': `tumble* slump* slash* stumble* skid** sag** wipe-out wipes-out wiped-out erase* halve* slice* sheds-# shed-#
      
      evaporate* vanish* dry-up dries-up dried-up biggest-drop biggest-fall biggest-decline`,
  '-3': 'plunge* plummet* crash* collapse* crater* nosedive* tank* crumble* free-fall freefall sell-off selloff tumbling rout implode*',
}

/** Places where something stands; several directions may speak of one thing: claims drop to the lowest level. */
export const levels: Record<string, string> = {
  2: `record highest highest-since highest-level #-year-high #-year-highs #-year-peak two-year-high two-year-highs two-year-peak three-year-high three-year-highs three-year-peak four-year-high four-year-highs four-year-peak five-year-high five-year-highs five-year-peak six-year-high six-year-highs six-year-peak seven-year-high seven-year-highs seven-year-peak eight-year-high eight-year-highs eight-year-peak nine-year-high nine-year-highs nine-year-peak ten-year-high ten-year-highs ten-year-peak one-year-high one-year-highs one-year-peak decade-high decade-highs decade-peak multi-year-high multi-year-highs multi-year-peak multi-month-high multi-month-highs multi-month-peak #-month-high #-month-highs #-month-peak all-time-high all-time-highs all-time-peak 52-week-high 52-week-highs 52-week-peak record-high record-highs record-peak year-to-date-high year-to-date-highs year-to-date-peak
      new-high new-highs fresh-high fresh-highs new-peak session-high session-highs`,
  '-2': `lowest lowest-since lowest-level #-year-low #-year-lows two-year-low two-year-lows three-year-low three-year-lows four-year-low four-year-lows five-year-low five-year-lows six-year-low six-year-lows seven-year-low seven-year-lows eight-year-low eight-year-lows nine-year-low nine-year-lows ten-year-low ten-year-lows one-year-low one-year-lows decade-low decade-lows multi-year-low multi-year-lows multi-month-low multi-month-lows #-month-low #-month-lows all-time-low all-time-lows 52-week-low 52-week-lows record-low record-lows year-to-date-low year-to-date-lows
      new-low new-lows fresh-low fresh-lows session-low session-lows`,
}

/** Things of which less is good. Their own value counts where nothing says a direction. */
export const bads: Record<string, string> = {
  0: `cost costs expense expenses debt debts debt-load tax taxes rate rates interest-rates yields fee fees inventory inventories capex spending-needs
      borrowing-costs cash-burn jobless-rate short-interest churn leverage turnover stockpiles vacancy vacancies premium-costs
      price-pressures provisions reserves-for-losses emissions cases
      disease diseases cancer tumors tumor infections heart-attacks hospitalizations cholesterol symptoms relapse mortgage-rates fuel-prices oil-prices energy-prices input-costs prices-of-materials borrowing break-even carbon pollution waste bankruptcies
      inflation unemployment volatility claims jobless-claims-data consumer-prices wholesale-prices producer-prices foreclosures wait-times headcount-costs weight side-effects mortality`,
  '-1': `uncertainty risk risks pressure pressures tensions competition injuries sanctions regulation bottlenecks
      bad-debt overcharges turbulence congestion curfews liability
      verdict credit-losses money-losses`,
  '-1.5': `probe probes investigation investigations lawsuit lawsuits litigation strike strikes-by walkout protest protests dispute losing-streak blockade
      attack attacks conflict loss losses fear fears concern concerns worry worries doubt doubts jobless-claims tariff tariffs deficit delinquencies
      chargeoffs charge-offs net-loss outflows outflow bans ban restrictions scrutiny complaints backlash criticism alarm stress strain anxiety skepticism overcapacity
      trade-war threat threats bad-loans jitters red-ink
      crackdown unrest price-war tariff-threat tariff-hike backlog-of-claims supply-crunch credit-crunch crunch squeeze weather storm storms selling-pressure selling short-sellers-bets withdrawals-of-deposits accidents red-tape bear-market-fears lawsuits-over overhang`,
  '-2': `recession slowdown crisis turmoil stagflation stagnation scandal disruption disruptions shutdown lockdown headwinds exodus
      layoffs layoff defaults shortage shortages delay delays outage outages recession-risk headwind glut oversupply writedowns write-downs
      impairments liabilities penalties damage deaths bleeding
      substantial-doubt going-concern-doubt`,
}

/** Things of which more is good; what happens to them counts, and their own value only where nothing is said to happen. */
export const goods: Record<string, string> = {
  1.5: 'growth recovery expansion improvement acceleration comeback',
  0.5: 'profit profits',
  0: `profitability-target dividend dividends earnings sales revenue demand margins margin guidance outlook forecast output market-share cash-flow
      orders order bookings backlog deliveries shipments production traffic subscribers users customers consumer-confidence confidence sentiment payout target view`,
  1: `hiring jobs-growth savings synergies contract contracts order-book`,
}

/** Words and phrases with a value of their own. */
export const values: Record<string, string> = {
  3: `blowout blows-past blew-past crushes-estimates crushes-expectations smashes-estimates smashes-expectations beats-and-raises beat-and-raise
      fda-approval wins-approval won-approval 
      stellar spectacular`,
  2.5: `beat beats beating beats-on exceed* surpass* outperformed outperforming tops-estimates tops-expectations tops-forecasts tops-views tops tops-consensus
      topped better-than-expected stronger-than-expected above-expectations upgrade* breakthrough meets-primary-endpoint met-primary-endpoint meets-main-goal
      met-main-goal tailwind tailwinds clears-hurdle outpace* outstrip** ahead-of-estimates ahead-of-expectations
      best-quarter best-year best-day best-week best-month best-since best-ever dazzle* roar* bidding-war wins-dismissal`,
  2: `buying-opportunity lifts-ban lift-ban lifted-ban lifts-restrictions lifts-sanctions lifts-tariffs sanctions-lifted lifts-suspension buys-back buy-back
      snaps-losing-streak ends-losing-streak above-street sales-beat profit-beat earnings-beat in-favor-of rules-for sides-with guides-above guides-higher
      turns-profitable back-to-profit back-in-the-black swung-to-profit first-profit surprise-gain surprise-rise surprise-increase
      strong stronger strongest robust upbeat win wins won winning approval approve* approved clearance greenlight* greenlights bullish profitable
      profitability returns-to-profit turns-profit swings-to-profit surprise-profit buyback buybacks repurchase* share-repurchase
      outperform overweight strong-buy buy-rating top-pick above-estimates above-forecasts above-consensus beats-estimates not-as-bad-as-feared       success successful succeed* thrive* thriving flourish* booming bull-market bull-run award awarded awards-contract awarded-contract secures
      secure-# secures-# lands land-# lands-# landed clinches clinched record-profit record-revenue dividend-hike special-dividend healthy
      beneficiary triumph* dominate* upside new-highs reinstates reinstate
      fast-track breakthrough-designation priority-review breakthrough-therapy acquitted dismisses-lawsuit lawsuit-dismissed tentative-deal
      cleared clears takeover-bid takeover-offer buyout-offer to-be-acquired to-be-bought sweetens-bid soaring-demand
      nod gets-nod go-ahead green-light bumper bonanza windfall jackpot insatiable shine* impress* impressive delight* winning-streak win-streak revive* revival resurgence resurgent renaissance revitalize* back-on-track pays-off paid-off paying-off bears-fruit bear-fruit investment-grade initiates-dividend first-dividend victory vindicate* vindicated exonerate* prevail* trade-deal peace-deal pulls-ahead pull-ahead set-to-benefit red-hot buoyant blistering slows-disease slows-progression extends-survival superior breakthroughs wins-over knocks-it-out crush* smash* smashes
      above-wall-street above-the-street above-analyst ahead-of-wall-street`,
  1.5: `insider-buying hiring-spree dovish takes-stake take-stake buys-stake builds-stake acquires-stake raises-stake above-range flock* pile-into piles-into snap-up snaps-up
      de-escalate* de-escalation recoup* reverses-losses makes-gains rave reviews-rave wows sells-out sold-out blockbuster accretive
      solid resilient resilience optimism optimistic confident confidence momentum promising positive favorable undervalued attractive opportunity opportunities
      turnaround rebounding resume* reopen* raise-dividend buyout outpacing milestone lifts-stake boosts-stake
      ceasefire truce stimulus relief soft-landing backs invests investment invest-# invests-# bets-on
      selected-by chosen-by chosen-as named-best partners-with partnership teams-up-with alliance collaboration expands-partnership upgrade-to buy-the-dip
      renew* extends-contract landmark-deal ahead-of-schedule oversubscribed welcomes cheers applaud* lifeline boon
      strike-ends oversold inclusion-in joins-s&p joins-the-s&p added-to-s&p
      inks ink inked signs-deal signs-# signs-contract strikes-deal strike-deal struck-deal seals-deal reaches-deal reach-deal reaches-agreement reach-agreement agreement-reached labor-deal wage-deal efficacy effective benefit* restore* restart* brisk lucrative praise* endorse* embrace* favorite warms-to overtake* leapfrog* well-positioned well-tolerated granted grants-approval unlock* deleverage* frenzy thaw peace-talks peace to-hire hires-# to-hire-# adds-jobs add-jobs creates-jobs gains-ground gain-ground sweeten* suitors above-guidance please* pleased upgraded-outlook outlook-to-positive raises-bid highest-rated crosses-# joins-index to-join-s&p to-join-the-s&p replace-in trumps cure* cures eases-path sweet-spot bargain cheap insider-buys safe-haven-gains rewards rewarded thrill* strengthens-ties fast-growing high-demand hot-demand turn-positive turns-positive outshine* outshines record-setting game-changer game-changing
      new-stake discloses-stake reveals-stake discloses-position removing-overhang cheered celebrates celebrate* brighter brighten* rosy rosier sunny pours-in pour-in poured-in gets-permit permit wins-bid wins-auction win-back wins-back profitable-quarter hits-target hits-targets meets-target meets-goal reaches-target reaches-goal attract* attracts raises-# raised-# funding-round landmark-approval growth-engine sees-growth expects-growth expects-strong turn-corner turns-corner turned-corner rare-profit rises-above climbs-above back-above in-demand bounce-in vote-of-confidence safe-and-effective outsell* overdelivers cash-rich unscathed boost-from boost-for well-received hits-it-big tailored-win accelerates-past
      gets-# receives-# wins-# awarded-# short-covering sellers-cover well-above deal-with
      joins-dow joins-the-dow joins-nasdaq added-to-dow signals-cuts signal-cuts sees-rate-cuts cuts-ahead bets-on-rate-cuts`,
  1: `hopes hope good great encouraging efficient stable stabilize* innovation innovative reaffirm* reaffirms maintains-buy reiterates-buy
      signs on-track poised-to-gain streamline* love loves love-affair works safe efficiency ready-to-run promising-data bets-big doubles-down doubling-down
      to-build builds breaks-ground plant-expansion opens-plant opens-factory new-factory jobs-boost
      above`,
  '-1': `mixed-results cautious caution uncertain expensive pricey overbought bubble volatile underwhelms choppy rival rivals restructuring restructure* steep stalled
      struggle struggles struggled struggling stall* idle* questions
      slips-into slip-into slid-into slides-into falls-into fell-into sinks-into plunges-into tips-into leaves-for to-leave leaving abrupt sudden crowded stretched plateau* flatline* emergency survival bailout bailed-out discounting defer* defers cost-overruns accident
      below`,
  '-1.5': `insider-selling hiring-freeze hawkish shelves shelve* below-range escalate* escalation pares-gains pare-gains takes-hit take-hit hit-to hits-profit hit-from
      takes-#-charge take-#-charge tightening flee flees fled offload* bows-out retreats-from exits-from
      activity-contracts economy-contracts contracts-for output-contracts stumbles-on lockout
      soft softer softness tepid muted underweight underperform resign* resigns steps-down step-down stepping-down departs departure exit-as exits overvalued
      sue sues sued suing antitrust dispute accuse* allege* alleges alleged allegations       hurdle hurdles setback setbacks reject* block* bars barred stops stopped quits oppose* opposes curtail* unprofitable
      secondary-offering share-offering stock-offering dilution dilutive dilute* convertible-notes to-pay-# pays-# pay-# correction
      short-seller short-sellers pessimism pessimistic gloom dim dims dimmed clouded
      sell-rating negative unfavorable trouble troubles troubled woes problem problems flaw flaws defect defects
      disrupt* hurt hurts hurting hit-by weigh weighs weighed weighing-on weigh-on shutter* shutters closes-stores close-stores closing-stores
      closes-plant close-plant to-close closures closure end-production ends-production pause* withhold* underperforms lay-off lays-off laid-off shortfall
      bottleneck leak leaks fire-at explosion crash-of grounded grounds ground-fleet sells-stake sell-stake dumps dump* 
      freeze* frozen pain painful shy-of short-of wary nervous jittery anxious skeptical brace* braces-for on-edge dent* crimp* squeezed squeezes eats-into bites jolt* jolts wobble* shock* shocks feud clash* clashes glitch* blast blaze seize* monopoly false fake veto* retaliate* retaliation saturated frothy overheated unsold undercut* outcry snub* spurn* ditch* axes axed axe nix* pushes-back pushed-back push-back downsize* downsizing overrun* dropped-from removed-from kicked-out-of downside sour* soured cash-burn-worries debt-laden last-ditch wind-down winds-down winding-down coup revolt bows-to below-guidance light-of worry* worried troubling unease uneasy disarray dispute-over cheating leaves-investors-cold moves-to-delist sits-out misgivings thin-margins unwinding unwind* no-longer-profitable gloomier pricier darkens darken* overshadow* clouded-by murky drubbing shaky fragile rocky stings sting* bruising hamper* hampers hinder* impede* complicate* snag* snags snarl* snarls
      to-lay-off redundancies layoffs-of replaced-as scale-down sags-on lukewarm cold-water pours-cold-water glum glummer long-slump turns-negative turn-negative turns-bearish turns-cautious downcast spill* chaos mess messy woe-of warned-on cash-crunch deadlock impasse standoff stalemate gridlock strands stranded aborted abort* accuses-of overruled fined-# uncovers undisclosed improper inflated conceal* hidden hoax hazard* hazardous unsafe unpaid unable-to-pay inability cannot-pay short-on shortfall-in trims-outlook trims-guidance deadly injured injures strands-passengers
      wrong well-below analysts-doubt investors-doubt
      subscribers-leave customers-leave users-leave clients-leave loses-share lose-share`,
  '-2': `red-flags red-flag fails-to-impress fails-to-excite erases-gains erase-gains gives-up-gains give-up-gains snaps-winning-streak winning-streak-ends
      below-street guides-below guides-lower swings-to-loss swung-to-loss slips-into-loss surprise-drop surprise-decline surprise-fall surprise-loss loses-ground
      losing-ground sued-for sues-for raided raid raids in-the-red ends-partnership ends-deal pulls-out pulled-out pull-out bleed bleeds burning-cash burns-cash
      weak weaker weakest weakness miss misses missed missing sluggish dismal bleak grim dire warn warns warned warning warnings disappoint* disappointing
      disappointment lackluster lacklustre downbeat gloomy underwhelming investigate* probed subpoena*       fined fines penalty recall recalls recalled recalling halt halts halted halting suspend* suspension postpone* delay* delayed delaying cancel* cancels
      cancelled canceled canceling cancellation scrap** scraps abandon* withdraw withdraws withdrew withdrawn withdrawing breach breached hack hacked hackers cyberattack ransomware
      data-breach bear-market bearish headwinds stagnant job-cuts job-losses cuts-jobs ousts oust ousted
      fires-ceo fired impairment writedown write-down writes-down write-off writes-off loss-making       below-expectations below-estimates below-forecasts below-consensus short-of-expectations short-of-estimates falls-short fell-short
      fall-short profit-taking fail* fails failed failing failure failures illegal unlawful violate* violated violations violation manipulate* manipulation whistleblower
      new-lows worst worst-since terminate* terminated overstate* restate* restatement restates misstate* irregularities
      pulls-guidance withdraws-guidance suspends-guidance going-private-fails junk cut-to-junk negative-outlook lose-patent loses-patent loses-appeal lose-appeal loses lose lost
      missed-payment margin-call shortfalls scuttle* derail* derailed jeopardize* threaten* threatened threatens panic fallout punish* hammer* hammered battered battering bruised pummel* slam** hemorrhage*
      rejected denied denies-approval ends-talks talks-collapse deal-collapses walks-away stuck
      burns-through burning-through suffer* sicken* outbreak falter* sputter* languish* flounder* deteriorate* worsen* erode* plague* mired rattle* spook* roil* reel* clobber* cripple* hobble* flop* fizzle* bust botched blunder malfunction* fatal toxic contaminate* contamination spill arrest* arrested jail jailed prison corruption boycott* embargo blacklist* outrage shun* shuns pulls-plug pull-plug mothball* furlough* distressed cash-strapped embattled beleaguered ailing money-losing scandal-hit besieged brink teeter* foreclosure* nonperforming non-performing backfire* misconduct harassment discrimination collusion clampdown invasion terrorism stagnate* whiff* disaster-hit out-of-favor capitulate* capitulation wreck* havoc devastate* devastating tragedy crash-landing sell-rated exodus-of cheated alarming alarm-bells grounding steal steals stole stolen lapse lapses unravel* unravels ceo-out out-as-ceo stagger* staggering-loss wither* withers
      dragged-down weighed-down leaked leaks-data dark-web brought-down sexual-misconduct data-leak customer-exodus sidelined fabricated
      below-wall-street below-the-street below-analyst erosion jury-orders judge-orders orders-to-pay ordered-to-pay forced-out cast-doubt casts-doubt lose-faith loses-faith lost-faith wipes-# wiped-#`,
  '-2.5': `downgrade* worse-than-expected profit-warning bloodbath carnage misses-endpoint
      missed-endpoint fails-trial trial-failure failed-trial fails-to-meet misses-primary-endpoint rout routs wipeout turmoil-deepens lower-than-forecast sec-charges
      guilty convicted indict* charged-with accounting-probe sued-by class-action delist* delisting debacle meltdown
      bribery bribe* laundering price-fixing mislead* misleads misled misleading deceive* deceptive into-recession fraud-charges criminal-charges criminal-probe felony
      fabricate* falsify falsified falsifies ponzi-scheme rug-pull`,
  '-3': `default bankruptcy bankrupt insolvency insolvent chapter-11 going-concern fraudulent ponzi liquidation liquidate* embezzle* clinical-hold
      complete-response-letter disaster disastrous catastrophe catastrophic plunging default-on defaults-on misses-payment doom
      fraud`,
  0: `record-date sales-tax growth-stocks value-stocks emerging-markets growth-fund sales-conference order-of-business profit-center strike-price options-strike premarket earnings-date earnings-call holds-rates keeps-rates leaves-rates rates-unchanged gains-tax capital-gains high-yield beat-reporter mixed flat rate-decision interest-rate-decision rate-meeting tax-day`,
}

/** They take a bad thing away, and say nothing about others. */
export const removals =
  'end ends ended ending settle* resolve* dismiss* dismisses toss* tosses throws-out thrown-out weather* survive* shake-off shakes-off patch* overturn* allay* calm* quell* soothe* avert* avoid* escape* dodge* beats-back fend-off fends-off defuse* rule-out rules-out cleared-of clears-of fix* repair* snap** put-behind puts-behind move-past moves-past removes remove removing lays-to-rest'

/** Behind a direction they turn it round: profits that fall less than feared are good news. */
export const less =
  'less-than-expected less-than-feared less-than-forecast less-than-estimated slower-than-expected-pace'

/** They turn the next words round. */
export const negations = `not no nothing never without cannot cant can't won't wont doesn't doesnt don't dont didn't didnt isn't isnt aren't arent wasn't wasnt hardly
  unlikely denies deny denied-reports less little neither nor prevent prevents
  refuses-to declines-to refuse-to`

/** The same, and no good news in themselves. */
export const vain =
  'fail-to fails-to failed-to failing-to unable-to struggles-to struggle-to struggled-to struggling-to too-weak-to not-enough'

/** Behind them stands the cause or the circumstance, which counts half; the news stands before. */
export const halves = 'after as on by amid following while when ahead'
/** Behind them stands what the news goes against. */
export const despites =
  'despite defying defies even-as even-though although though shrugs-off shrugging-off shrug-off brushes-off in-spite-of notwithstanding overcomes'

/** Words of the general list that are names, or neutral in headlines about companies. */
export const neutral = `best united care gold grand gem kind like fair goodwill super supreme public merger squeeze asset assets top worth true justice clean focused luxury
  popular important leading help helps helped interest interested exclusive fan fun rich rescue careful flagship famous paradise freedom safer smile treasure treasures hero honest novel
  quality landmark gift relaxed responsible resolution resolve chance chances save saved saves backing defender defenders sweet swift spirited wealth wealthy
  heaven lucky fine dream prime energetic vital cancer disease diseases pain ill illness infected infection depression suffering suicide die died death dead kill killing killed war gross hard
  mad critical fight fights fighting shot poor obesity drug virus tumor cruel crude battle fire bear short tough violence victim victims weapons weapon nuclear
  match fresh natural charm harmony bright loyalty security commitment support supports supported determined award awards discount 
  holy fox hell dirty ugly evil devil jesus ass bloody comprehensive mature notable noticeable opportunity effective suited appropriate consent stake dollar general
  outstanding tender share shares premium matter alone stock demand capital trust faithful debt gas bank reserve fidelity charged 
  cool stuff trial demonstration protest fraud pardon mercy`
